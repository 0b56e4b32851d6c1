using System.Text.RegularExpressions;

namespace Gateway.Hosting;

/// <summary>
/// Sorts out of a command line what is for ASP.NET's configuration: <c>--Section:Key=value</c> or <c>--Section:Key value</c>, such as
/// <c>--Logging:LogLevel:Default=Debug</c> or <c>--Hub:ServerPort=0</c>. Everything else is a word of ours.
/// </summary>
internal static partial class HostArguments
{
    // ASP.NET's own arguments that would be taken without an effect, or with one that nobody wants.
    private static readonly Dictionary<string, string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        ["urls"] = "set SERVER_HOST and SERVER_PORT",
        ["server.urls"] = "set SERVER_HOST and SERVER_PORT",
        ["http_ports"] = "set SERVER_PORT",
        ["https_ports"] = "set SERVER_PORT, TLS_CERTIFICATE and TLS_KEY",
        ["contentRoot"] = "appsettings.json is read from the working directory",
        ["webRoot"] = "no files are served",
        ["applicationName"] = "the name is fixed",
    };

    /// <summary>Splits a command line.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="words">Our words and options, in their order.</param>
    /// <param name="configuration">What goes to ASP.NET's configuration.</param>
    /// <returns>A fault for people; null when there is none.</returns>
    public static string? Split(IReadOnlyList<string> args, out List<string> words, out List<string> configuration)
    {
        (words, configuration) = ([], []);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, hasValue) = NameOf(args[i]);
            if (Refused.TryGetValue(name, out var instead))
            {
                return $"--{name} has no effect here: {instead}.";
            }
            if (!Setting().IsMatch(name))
            {
                words.Add(args[i]);
                continue;
            }
            configuration.Add(args[i]);
            if (hasValue)
            {
                continue;
            }
            if (i + 1 == args.Count)
            {
                return $"--{name} has no value; expected: --{name}=value.";
            }
            configuration.Add(args[++i]);
        }
        return null;
    }

    private static (string Name, bool HasValue) NameOf(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            return ("", false);
        }
        var end = argument.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? (argument[2..], false) : (argument[2..end], true);
    }

    [GeneratedRegex(@"^[A-Za-z][\w.-]*(:[\w.-]+)+$")]
    private static partial Regex Setting();
}
