using System.Globalization;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;

namespace Gateway.Benchmarks.Scale;

/// <summary>What <c>seed</c> and <c>lists</c> are told: <c>--name value</c> in any order, and flags without a value.</summary>
internal sealed class ScaleOptions
{
    /// <summary>As an operator runs it, but for the sandbox: routes that ask the upstream get an answer.</summary>
    public static readonly string[] HostArguments = ["--environment", "Production", "--Logging:LogLevel:Default=Error"];

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _flags = [];

    public string? Folder => Text("--data");

    public static ScaleOptions Read(string[] arguments, params string[] names)
    {
        var options = new ScaleOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--data" or "--database" || names.Contains(arguments[i]))
            {
                options._values[arguments[i]] =
                    i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{arguments[i]} needs a value.");
            }
            else
            {
                options._flags.Add(arguments[i]);
            }
        }
        return options;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public long Number(string name, long standard) =>
        Text(name) is { } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : standard;

    public bool Has(string flag) => _flags.Contains(flag);

    /// <summary>The environment variables of the gateway. The limits of callers are off: one address asks everything.</summary>
    public Dictionary<string, string> Settings(string folder)
    {
        var settings = new Dictionary<string, string>
        {
            ["DATA_DIR"] = folder,
            ["SERVER_PORT"] = "0",
            ["SANDBOX"] = "true",
            ["JWT_SECRET"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(48)),
            ["RATE_LIMIT_PER_MINUTE"] = "0",
            ["RATE_LIMIT_USER_PER_MINUTE"] = "0",
            ["RATE_LIMIT_AUTH_PER_MINUTE"] = "0",
            ["RATE_LIMIT_CATALOGUE_PER_MINUTE"] = "0",
        };
        if (Text("--database") is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        return settings;
    }

    public StoreProvider Store(string folder) =>
        StoreProvider.For(
            DatabaseUrl.TryParse(Text("--database") ?? "sqlite:" + Path.Combine(folder, "hub.db"), out var url)
                ? url
                : throw new ArgumentException("--database is no URL of a database.")
        );
}
