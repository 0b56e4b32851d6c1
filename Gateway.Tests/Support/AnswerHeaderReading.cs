namespace Gateway.Tests.Support;

/// <summary>Headers of answers in tests.</summary>
internal static class AnswerHeaderReading
{
    /// <summary>A header's one value; null when it is absent.</summary>
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
