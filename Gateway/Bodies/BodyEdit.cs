namespace Gateway.Bodies;

/// <summary>Bytes of the body to leave out, and what goes in their place.</summary>
internal readonly record struct BodyEdit(int Offset, int Length, ReadOnlyMemory<byte> Replacement)
{
    /// <summary>Whether it holds for one attempt only: another upstream may want another one.</summary>
    public bool IsOfAttempt { get; init; }
}
