using System.Net;
using System.Reflection;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;

namespace Gateway.Core.Configuration;

/// <summary>
/// Turns names and texts into <see cref="HubOptions"/>. <see cref="All"/> is the list of every option there is, made from the attributes of
/// the features' classes. Each fault is one line that names the option, shows what was given (never a secret) and says what is expected;
/// all faults are found in one pass.
/// </summary>
public static class HubOptionsReader
{
    // Platforms set it to an address. Shells and build tools also use it, for the machine's own name: that is not meant for us.
    private const string HostOfPlatforms = "HOST";

    /// <summary>Every option, in the order of the classes.</summary>
    public static IReadOnlyList<HubOption> All { get; } =
    [
        .. from feature in InOrder(typeof(HubOptions))
        from property in InOrder(feature.PropertyType)
        select new HubOption(feature, property, property.GetCustomAttribute<OptionAttribute>() ?? throw Unannotated(property)),
    ];

    /// <summary>Reads all options.</summary>
    /// <param name="fromFile">The value of an option by its name (<see cref="HubOption.Name"/>), null when not given.</param>
    /// <param name="fromEnvironment">The value of an environment variable, null when not set. It wins; an empty one counts as not
    /// set.</param>
    /// <param name="isDevelopment">Whether the process runs in Development, where a signing secret may be missing.</param>
    /// <param name="options">The options; only to be used when there are no faults.</param>
    /// <returns>The faults, one line each; empty when all is well.</returns>
    public static IReadOnlyList<string> Read(
        Func<string, string?> fromFile,
        Func<string, string?> fromEnvironment,
        bool isDevelopment,
        out HubOptions options
    )
    {
        options = new HubOptions();
        List<string> faults = [];
        foreach (var option in All)
        {
            var (name, text) = Find(option, fromFile, fromEnvironment);
            if (text is not null && !option.TrySet(options, text))
            {
                var shown = option.IsSecret ? $"a text of {text.Length} characters" : $"\"{text}\"";
                faults.Add($"{name} is {shown}; expected: {option.Expected}.");
            }
        }
        if (!isDevelopment && options.Token.JwtSecret is null && !IsGiven(nameof(TokenOptions.JwtSecret)))
        {
            faults.Add(
                "JWT_SECRET is not set; expected outside Development: at least 32 bytes that are no known example, for instance from "
                    + "`openssl rand -base64 48`."
            );
        }
        if (IsGiven(nameof(AccountOptions.AdminEmail)) != IsGiven(nameof(AccountOptions.AdminPassword)))
        {
            faults.Add("ADMIN_EMAIL and ADMIN_PASSWORD go together; only one of them is set.");
        }
        if (IsGiven(nameof(UpstreamOptions.YandexApiKey)) != IsGiven(nameof(UpstreamOptions.YandexFolderId)))
        {
            faults.Add("YANDEX_API_KEY and YANDEX_FOLDER_ID go together; only one of them is set.");
        }
        if (IsGiven(nameof(ServerOptions.TlsCertificate)) != IsGiven(nameof(ServerOptions.TlsKey)))
        {
            faults.Add("TLS_CERTIFICATE and TLS_KEY go together; only one of them is set.");
        }
        if (!IsGiven(nameof(DatabaseOptions.DatabaseUrl)))
        {
            options.Database.DatabaseUrl = DatabaseVariables.Compose(fromEnvironment, faults);
        }
        if (!BuildFlavour.HasMySql && DatabaseUrl.TryParse(options.Database.DatabaseUrl ?? "", out var url) && url.Scheme == "mysql")
        {
            faults.Add($"DATABASE_URL (or DB_HOST with DB_PORT or DB_TYPE) names MySQL or MariaDB; {BuildFlavour.MySqlRemedy}.");
        }
        return faults;

        bool IsGiven(string name) => Find(Named(name), fromFile, fromEnvironment).Text is not null;
    }

    /// <summary>The name by which an operator finds an option: the environment variable that sets it, else the one that could.</summary>
    /// <param name="option">The option (<see cref="HubOption.Name"/>).</param>
    /// <param name="fromEnvironment">The value of an environment variable, null when not set.</param>
    public static string VariableOf(string option, Func<string, string?> fromEnvironment)
    {
        var variables = Named(option).Variables;
        return variables.FirstOrDefault(name => IsGiven(name, fromEnvironment(name)), variables[0]);
    }

    private static (string Name, string? Text) Find(HubOption option, Func<string, string?> fromFile, Func<string, string?> fromEnvironment)
    {
        foreach (var name in option.Variables)
        {
            var text = fromEnvironment(name);
            if (IsGiven(name, text))
            {
                return (name, text!.Trim());
            }
        }
        return ("Hub:" + option.Name, fromFile(option.Name) is { Length: > 0 } value ? value.Trim() : null);
    }

    private static bool IsGiven(string name, string? text) =>
        text is { Length: > 0 } && (name != HostOfPlatforms || text.Trim() == "localhost" || IPAddress.TryParse(text.Trim(), out _));

    private static HubOption Named(string name) => All.First(o => o.Name == name);

    private static IEnumerable<PropertyInfo> InOrder(Type type) => type.GetProperties().OrderBy(p => p.MetadataToken);

    private static InvalidOperationException Unannotated(PropertyInfo property) =>
        new($"{property.DeclaringType!.Name}.{property.Name} has no attribute that makes it an option.");
}
