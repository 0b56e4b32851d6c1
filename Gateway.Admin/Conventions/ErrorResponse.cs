namespace Gateway.Admin.Conventions;

/// <summary>The body of every error.</summary>
/// <param name="Error">What is wrong, in a sentence.</param>
/// <param name="Message">The same, for clients that read it here.</param>
/// <param name="Detail">The same, for clients that read it here.</param>
/// <param name="Success">False.</param>
/// <param name="Code">What is wrong, for programs: it never changes.</param>
/// <param name="Details">Each member that is wrong.</param>
/// <param name="RequestId">As in the header <c>X-Request-Id</c>; the log has it too.</param>
internal sealed record ErrorResponse(
    string Error,
    string Message,
    string Detail,
    bool Success,
    string Code,
    IReadOnlyList<InvalidMember> Details,
    string RequestId
)
{
    private const int LongestText = 2_000;
    private const int LongestName = 200;
    private const int MostDetails = 100;

    public static ErrorResponse Of(ApiError error, string requestId)
    {
        var text = Cut(error.Text, LongestText);
        IReadOnlyList<InvalidMember> details =
        [
            .. error
                .Details.Take(MostDetails)
                .Select(d => d with { Field = Cut(d.Field, LongestName), Message = Cut(d.Message, LongestText) }),
        ];
        return new ErrorResponse(text, text, text, Success: false, error.Code, details, requestId);
    }

    // It may hold what the client sent: an answer never grows with it.
    private static string Cut(string text, int longest) =>
        text.Length <= longest
            ? text
            : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest), "...");
}
