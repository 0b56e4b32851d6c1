using System.Data.Common;

namespace Gateway.Core.Storage.Providers;

/// <summary>What a URL of a database server says, unescaped.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="Database">The database's name.</param>
/// <param name="User">The user; null when not given.</param>
/// <param name="Password">The password; null when not given.</param>
/// <param name="Parameters">What stands after the <c>?</c>, for the driver.</param>
internal sealed record UrlParts(
    string Host,
    int Port,
    string Database,
    string? User,
    string? Password,
    IReadOnlyList<(string Name, string Value)> Parameters
)
{
    /// <summary>Takes a URL apart.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="standardPort">The port where it names none.</param>
    public static UrlParts Of(Uri url, int standardPort)
    {
        var credentials = url.UserInfo.Split(':', 2);
        return new UrlParts(
            url.Host,
            url.IsDefaultPort || url.Port <= 0 ? standardPort : url.Port,
            Uri.UnescapeDataString(url.AbsolutePath.Trim('/')),
            credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null,
            credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
            [
                .. url
                    .Query.TrimStart('?')
                    .Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(pair => pair.Split('=', 2))
                    .Select(parts => (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "")),
            ]
        );
    }

    /// <summary>Hands the parameters to a driver.</summary>
    /// <param name="builder">The driver's.</param>
    /// <param name="rename">A parameter as the driver names it.</param>
    /// <param name="documentation">Where the driver's names stand.</param>
    /// <exception cref="InvalidDataException">The driver does not take one; the message names it.</exception>
    public void SetParameters(
        DbConnectionStringBuilder builder,
        Func<string, string, (string Name, string Value)> rename,
        string documentation
    )
    {
        foreach (var (name, value) in Parameters)
        {
            try
            {
                var (known, taken) = rename(name, value);
                builder[known] = taken;
            }
            catch (Exception fault)
                when (fault
                        is ArgumentException
                            or FormatException
                            or OverflowException
                            or NotSupportedException
                            or InvalidCastException
                            or InvalidOperationException
                            or KeyNotFoundException
                )
            {
                throw new InvalidDataException(
                    $"DATABASE_URL has \"{name}\" after the ?, with a name or a value that the driver does not take. Its names: "
                        + documentation,
                    fault
                );
            }
        }
    }
}
