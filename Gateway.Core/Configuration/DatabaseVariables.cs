using Gateway.Core.Storage.Providers;

namespace Gateway.Core.Configuration;

/// <summary>
/// The database given in parts (<c>DB_HOST</c>, <c>DB_PORT</c>, <c>DB_USER</c>, <c>DB_PASSWORD</c>, <c>DB_NAME</c>, <c>DB_TYPE</c>), as
/// deployments before this product do. Which database it is, <c>DB_TYPE</c> says, else the port, else the server itself.
/// </summary>
internal static class DatabaseVariables
{
    private const string StandardName = "oneui_hub";
    private const string Postgres = "postgres";
    private const string MySql = "mysql";

    private static readonly Dictionary<string, string> Ports = new() { [Postgres] = "5432", [MySql] = "3306" };

    /// <summary>Makes a URL of them; null when there is no <c>DB_HOST</c>, or with a fault that names the variable.</summary>
    public static string? Compose(Func<string, string?> environment, List<string> faults)
    {
        if (Value("DB_HOST") is not { } host)
        {
            return null;
        }
        var before = faults.Count;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            faults.Add($"DB_HOST is \"{host}\"; expected: a host name or address.");
        }
        if (Value("DB_PORT") is { } text && (!ushort.TryParse(text, out var number) || number == 0))
        {
            faults.Add($"DB_PORT is \"{text}\"; expected: a TCP port.");
        }
        if (Value("DB_TYPE") is { } type && SchemeOf(type) is null)
        {
            faults.Add($"DB_TYPE is \"{type}\"; expected: {MySql} or {Postgres}.");
        }
        if (Value("DB_USER") is not { } user)
        {
            faults.Add("DB_USER is not set; expected with DB_HOST: the database's user.");
        }
        else if (faults.Count == before)
        {
            var scheme = SchemeOf(Value("DB_TYPE")) ?? SchemeAt(host, Value("DB_PORT"));
            var password = Value("DB_PASSWORD") is { } word ? ":" + Uri.EscapeDataString(word) : "";
            var address = host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;
            return $"{scheme}://{Uri.EscapeDataString(user)}{password}@{address}:{Value("DB_PORT") ?? Ports[scheme]}/"
                + Uri.EscapeDataString(Value("DB_NAME") ?? StandardName);
        }
        return null;

        string? Value(string name) => environment(name)?.Trim() is { Length: > 0 } given ? given : null;
    }

    private static string? SchemeOf(string? type) =>
        type?.ToLowerInvariant() switch
        {
            "mysql" or "mariadb" => MySql,
            "postgres" or "postgresql" => Postgres,
            _ => null,
        };

    // Another port than the usual ones belongs to whom answers there. A server that is silent now is named as PostgreSQL where it fails.
    private static string SchemeAt(string host, string? port) =>
        Ports.FirstOrDefault(p => p.Value == port).Key
        ?? (
            port is not null
            && MySqlGreeting.ReadAsync(host.Trim('[', ']'), int.Parse(port), CancellationToken.None).GetAwaiter().GetResult() is not null
                ? MySql
                : Postgres
        );
}
