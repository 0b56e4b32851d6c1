namespace Gateway.Core.Usage;

/// <summary>An upstream's error as its body tells it, whatever the form; the texts are the upstream's and may name its insides.</summary>
/// <param name="Message">The provider's sentence, or null.</param>
/// <param name="Type">Its type, or null.</param>
/// <param name="Param">The request's member that it is about, or null.</param>
/// <param name="Code">Its code, or null; a number as text.</param>
/// <param name="Status">The HTTP status (400 to 599) that the body itself names, or null.</param>
public sealed record UpstreamError(string? Message, string? Type, string? Param, string? Code, int? Status)
{
    /// <summary>Whether it says anything.</summary>
    public bool IsEmpty => Message is null && Type is null && Param is null && Code is null && Status is null;

    /// <summary>This error, with the other's words where this one has none.</summary>
    public UpstreamError Or(UpstreamError other) =>
        new(Message ?? other.Message, Type ?? other.Type, Param ?? other.Param, Code ?? other.Code, Status ?? other.Status);
}
