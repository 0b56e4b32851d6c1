using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Storage;

/// <summary>
/// Where the database is: <c>sqlite:&lt;file&gt;</c> or <c>postgres://user:password@host:port/name</c> (also <c>postgresql://</c>, and with
/// a driver behind: <c>postgresql+asyncpg://</c>).
/// </summary>
/// <param name="Scheme"><c>sqlite</c> or <c>postgres</c>.</param>
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
            && uri.Scheme.Split('+')[0] is "postgres" or "postgresql"
            && uri.Host.Length > 0
            && uri.AbsolutePath.Length > 1
        )
        {
            url = new DatabaseUrl("postgres", text);
        }
        return url is not null;
    }

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
