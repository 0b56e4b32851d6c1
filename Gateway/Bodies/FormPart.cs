namespace Gateway.Bodies;

/// <summary>One part of a form.</summary>
/// <param name="Name">The member's name, without the <c>[]</c> of a list.</param>
/// <param name="IsList">Whether the name said that there may be several.</param>
/// <param name="IsFile">Whether it is a file rather than a text.</param>
/// <param name="Content">Where its value stands in the body.</param>
internal readonly record struct FormPart(string Name, bool IsList, bool IsFile, ByteRange Content);
