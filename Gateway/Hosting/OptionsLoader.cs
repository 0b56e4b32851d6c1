using System.Collections;
using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>Reads the options of the process; faults are for the operator, one line each.</summary>
internal static class OptionsLoader
{
    /// <summary>Reads the section <c>Hub</c> and the environment.</summary>
    /// <exception cref="StartFailedException">Something is wrong; the message lists everything.</exception>
    public static HubOptions Load(IConfiguration configuration, IDictionary environment, bool isDevelopment)
    {
        var section = configuration.GetSection("Hub");
        var faults = HubOptionsReader
            .Read(name => TextOf(section.GetSection(name)), name => environment[name] as string, isDevelopment, out var options)
            .ToList();
        faults.AddRange(
            section
                .GetChildren()
                .Where(child => !HubOptionsReader.All.Any(s => s.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                .Select(child =>
                    $"Hub:{child.Key} is no option; expected: one of {string.Join(", ", HubOptionsReader.All.Select(s => s.Name))}."
                )
        );
        faults.AddRange(
            section
                .GetChildren()
                .Where(IsObject)
                .Select(child => $"Hub:{child.Key} is an object; expected: a text, a number, true or false, or a list of them.")
        );
        return faults.Count == 0 ? options : throw new StartFailedException(string.Join(Environment.NewLine, faults));
    }

    // A list may be written as one in JSON: ["a", "b"] means "a,b".
    private static string? TextOf(IConfigurationSection option) =>
        option.Value ?? (IsObject(option) ? null : string.Join(',', option.GetChildren().Select(item => item.Value)));

    private static bool IsObject(IConfigurationSection option) =>
        option.GetChildren().Any(item => !item.Key.All(char.IsAsciiDigit) || item.Value is null);
}
