using System.ComponentModel;

namespace Gateway.Admin.WebConsole;

/// <summary>What a browser brings back from the issuer's page. Codes may be longer than other texts of queries.</summary>
internal sealed record OidcCallbackQuery
{
    private const int Longest = 4_096;

    [Description("What the sign-in began with.")]
    public string? State { get; init; }

    [Description("The issuer's code, good once.")]
    public string? Code { get; init; }

    [Description("Why the issuer refuses, in place of a code.")]
    public string? Error { get; init; }

    [Description("The issuer, where it names itself (RFC 9207).")]
    public string? Iss { get; init; }

    public static OidcCallbackQuery Of(HttpRequest request) =>
        new()
        {
            State = Text(request, "state"),
            Code = Text(request, "code"),
            Error = Text(request, "error"),
            Iss = Text(request, "iss"),
        };

    private static string? Text(HttpRequest request, string name) =>
        request.Query[name] is [{ Length: > 0 and <= Longest } value] ? value : null;
}
