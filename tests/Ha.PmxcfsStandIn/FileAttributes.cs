namespace Ha.PmxcfsStandIn;

/// <summary>What stat(2) tells.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Seconds">All three times.</param>
internal readonly record struct FileAttributes(uint Mode, long Size, uint Seconds)
{
    public const uint Directory = 0x4000, File = 0x8000, Link = 0xa000, TypeMask = 0xf000;

    /// <summary>The group of www-data on Debian.</summary>
    public const uint WebGroup = 33;

    public uint Links => (Mode & TypeMask) == Directory ? 2u : 1u;

    public uint Permissions => Mode & 0xfff;
}
