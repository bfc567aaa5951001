namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A frame is longer than servers take; nothing was sent. A server would cut the connection without a word.</summary>
internal sealed class FrameTooLargeException(int length, int limit) : Exception($"a request of {length} bytes is above the limit of the servers ({limit} bytes, their jute.maxbuffer)")
{
    public int Length => length;
}
