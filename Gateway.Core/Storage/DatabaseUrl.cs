using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Storage;

/// <summary>
/// Where the database is: <c>sqlite:&lt;file&gt;</c>, <c>postgres://user:password@host:port/name</c> (also <c>postgresql://</c>) or
/// <c>mysql://user:password@host:port/name</c> (also <c>mariadb://</c>). A driver's name after the scheme is passed over:
/// <c>postgresql+asyncpg://</c>.
/// </summary>
/// <param name="Scheme"><c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</param>
/// <param name="Text">The URL as given. Holds a password: never logged.</param>
public sealed record DatabaseUrl(string Scheme, string Text)
{
    /// <summary>Reads a URL; false when it has no known form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DatabaseUrl? url)
    {
        url = null;
        if (text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) && text.Length > "sqlite:".Length)
        {
            url = new DatabaseUrl("sqlite", text);
        }
        else if (
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && SchemeOf(uri.Scheme.Split('+')[0]) is { } scheme
            && uri.Host.Length > 0
            && uri.AbsolutePath.Length > 1
        )
        {
            url = new DatabaseUrl(scheme, text);
        }
        return url is not null;
    }

    private static string? SchemeOf(string word) =>
        word switch
        {
            "postgres" or "postgresql" => "postgres",
            "mysql" or "mariadb" => "mysql",
            _ => null,
        };

    /// <summary>The address without credentials, for logs.</summary>
    public override string ToString() =>
        Scheme == "sqlite"
            ? Text
            : new UriBuilder(Text)
            {
                UserName = "",
                Password = "",
                Query = "",
            }.Uri.ToString();
}
