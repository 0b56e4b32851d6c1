using System.ComponentModel;

namespace Gateway.Admin.WebConsole;

/// <summary>How a sign-in at an issuer begins.</summary>
internal sealed record OidcStartQuery
{
    [Description("The view to show after signing in: a path that begins with /console; /console when it is not sent.")]
    public string? ReturnTo { get; init; }
}
