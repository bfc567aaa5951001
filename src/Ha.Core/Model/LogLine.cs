namespace Ha.Core.Model;

/// <summary>How much a log line matters; the words of syslog, which the field's logs use.</summary>
public enum Severity
{
    /// <summary>Something changed.</summary>
    Info,

    /// <summary>Something changed that is worth a look.</summary>
    Notice,

    /// <summary>It heals itself, but look.</summary>
    Warning,

    /// <summary>Someone must act.</summary>
    Error,
}

/// <summary>One line of a daemon's log. The texts are interface facts: scenarios compare them byte for byte.</summary>
/// <param name="Id">The event's number; never reused. CRM from 1000, LRM from 2000, stores from 3000.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The finished text, without a line feed at its end.</param>
public readonly record struct LogLine(int Id, Severity Severity, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
