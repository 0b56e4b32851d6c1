using System.Text.Json;
using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>
/// What an operator sees when the process is up: where it listens and, once, the first admin and key. Production prints no secrets: there
/// are none to print.
/// </summary>
internal static class FirstStartNotice
{
    private const string PreferredModel = "gpt-4o-mini";

    public static void Write(TextWriter output, HubProcess process)
    {
        var address = process.Address.ToString().TrimEnd('/').Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        output.WriteLine($"OneUIHub Gateway {HealthEndpoints.Version} listens on {address}");
        if (process.Sandbox is not null)
        {
            output.WriteLine("No LITELLM_BASE_URL is set: calls go to the built-in sandbox, which invents its answers.");
        }
        var first = process.FirstStart;
        if (first.AdminEmail is not null && first.AdminPassword is not null)
        {
            output.WriteLine($"Admin (shown once): {first.AdminEmail}  password: {first.AdminPassword}");
        }
        if (first.ApiKey is not null)
        {
            output.WriteLine($"API key (shown once): {first.ApiKey}");
            output.WriteLine("Try it:");
            output.WriteLine(
                $"""  curl {address}/v1/chat/completions -H "Authorization: Bearer {first.ApiKey}" """
                    + $"""-H "Content-Type: application/json" -d '{SampleCall(process)}'"""
            );
        }
    }

    // The line must work as printed: it names a model that the upstream has.
    private static string SampleCall(HubProcess process)
    {
        var models = process
            .App.Services.GetRequiredService<PolicySource>()
            .Current.Models.Where(model => model is { IsEnabled: true, Mode: "chat" })
            .Select(model => model.Name)
            .ToList();
        var name = models.Contains(PreferredModel) ? PreferredModel : models.FirstOrDefault(PreferredModel);
        return $$$"""{"model":"{{{JsonEncodedText.Encode(name)}}}","messages":[{"role":"user","content":"Hello"}]}""";
    }
}
