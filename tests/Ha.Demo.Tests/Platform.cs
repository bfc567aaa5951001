using System.Runtime.Versioning;

// The demo is made of Linux processes.
[assembly: SupportedOSPlatform("linux")]
