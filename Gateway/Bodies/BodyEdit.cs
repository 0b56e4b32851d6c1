namespace Gateway.Bodies;

/// <summary>Bytes of the body to leave out, and what goes in their place.</summary>
internal readonly record struct BodyEdit(int Offset, int Length, ReadOnlyMemory<byte> Replacement);
