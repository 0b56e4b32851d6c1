namespace Gateway.Bodies;

/// <summary>Some bytes of the body.</summary>
internal readonly record struct ByteRange(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}
