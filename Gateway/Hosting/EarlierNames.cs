using System.Collections;
using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>
/// Variables of the deployments before this product that are no options: what they mean here, and which of them mean nothing, so that
/// nobody waits for their effect.
/// </summary>
internal static class EarlierNames
{
    private const string EnvironmentArgument = "--environment";

    private static readonly string[] EnvironmentVariables = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    private static readonly (string[] Names, string Reason)[] WithoutEffect = [(["REDIS_URL"], "nodes share their state in PostgreSQL")];

    /// <summary>The process's arguments with the environment that <c>APP_ENV</c> names, when nothing else names one.</summary>
    /// <exception cref="StartFailedException"><c>APP_ENV</c> names none.</exception>
    public static string[] WithEnvironment(string[] args, IDictionary environment)
    {
        if (
            environment["APP_ENV"] is not string { Length: > 0 } name
            || args.Any(a => a.StartsWith(EnvironmentArgument, StringComparison.OrdinalIgnoreCase))
            || EnvironmentVariables.Any(v => environment[v] is string { Length: > 0 })
        )
        {
            return args;
        }
        var full = name.Trim().ToLowerInvariant() switch
        {
            "development" or "dev" or "local" => "Development",
            "staging" or "test" => "Staging",
            "production" or "prod" => "Production",
            _ => throw new StartFailedException($"APP_ENV is \"{name}\"; expected: development, staging or production."),
        };
        return [.. args, EnvironmentArgument, full];
    }

    /// <summary>Whether <c>DEBUG</c> asks for more to be logged. It changes nothing that clients see.</summary>
    public static bool AsksForDebugLogs(IDictionary environment) =>
        environment["DEBUG"] is string text && text.Trim().ToLowerInvariant() is "true" or "1";

    /// <summary>What to say about variables that are set and have no effect; by name, never by value.</summary>
    public static IEnumerable<string> Notes(IDictionary environment) => Unused(environment).Concat(Keyless(environment));

    private static IEnumerable<string> Keyless(IDictionary environment) =>
        from provider in new[] { "OPENAI", "ANTHROPIC", "GOOGLE", "YANDEX" }
        where
            environment[provider + "_BASE_URL"] is string { Length: > 0 }
            && environment[provider + "_API_KEY"] is not string { Length: > 0 }
        select $"{provider}_BASE_URL has no effect: {provider}_API_KEY is not set.";

    private static IEnumerable<string> Unused(IDictionary environment) =>
        from unused in WithoutEffect
        let names = unused
            .Names.Where(n => environment[n] is string { Length: > 0 } && !HubOptionsReader.All.Any(o => o.Variables.Contains(n)))
            .ToList()
        where names.Count > 0
        select $"{string.Join(", ", names)} {(names.Count == 1 ? "has" : "have")} no effect: {unused.Reason}.";
}
