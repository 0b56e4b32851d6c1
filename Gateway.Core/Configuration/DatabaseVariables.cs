namespace Gateway.Core.Configuration;

/// <summary>
/// The database given in parts (<c>DB_HOST</c>, <c>DB_PORT</c>, <c>DB_USER</c>, <c>DB_PASSWORD</c>, <c>DB_NAME</c>), as deployments before
/// this product do.
/// </summary>
internal static class DatabaseVariables
{
    private const string StandardPort = "5432";
    private const string StandardName = "oneui_hub";
    private const string MySqlPort = "3306";

    /// <summary>Makes a URL of them; null when there is no <c>DB_HOST</c>, or with a fault that names the variable.</summary>
    public static string? Compose(Func<string, string?> environment, List<string> faults)
    {
        if (Value("DB_HOST") is not { } host)
        {
            return null;
        }
        var port = Value("DB_PORT") ?? StandardPort;
        if (!ushort.TryParse(port, out var number) || number == 0)
        {
            faults.Add($"DB_PORT is \"{port}\"; expected: a TCP port.");
        }
        else if (port == MySqlPort)
        {
            faults.Add("DB_PORT is 3306, which is MySQL's; expected: a PostgreSQL server (port 5432), or DATABASE_URL.");
        }
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            faults.Add($"DB_HOST is \"{host}\"; expected: a host name or address.");
        }
        if (Value("DB_USER") is not { } user)
        {
            faults.Add("DB_USER is not set; expected with DB_HOST: the database's user.");
            return null;
        }
        var credentials = Uri.EscapeDataString(user) + (Value("DB_PASSWORD") is { } password ? ":" + Uri.EscapeDataString(password) : "");
        var address = host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;
        return $"postgres://{credentials}@{address}:{port}/{Uri.EscapeDataString(Value("DB_NAME") ?? StandardName)}";

        string? Value(string name) => environment(name)?.Trim() is { Length: > 0 } text ? text : null;
    }
}
