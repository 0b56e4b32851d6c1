using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Configuration;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deployment;

/// <summary>docker-compose.yml is valid, and every file, port, variable and path that it names exists.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] OfTheHost = ["ASPNETCORE_ENVIRONMENT", "DOTNET_EnableDiagnostics"];

    [Fact]
    public async Task It_obeys_the_compose_schema() => Assert.Null(await ComposeFile.LintAsync(ComposeFile.FilePath));

    [Fact]
    public async Task A_file_against_the_schema_is_found()
    {
        var file = Path.GetTempFileName() + ".yml";
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(ComposeFile.FilePath)).Replace("read_only: true", "read_onyl: true", StringComparison.Ordinal)
        );
        Assert.Contains("error", await ComposeFile.LintAsync(file), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Every_service_has_a_health_check_and_restarts()
    {
        var services = (await ComposeFile.ReadAsync()).GetProperty("services").EnumerateObject().ToList();
        Assert.Equal(["gateway", "grafana", "litellm", "postgres", "prometheus"], services.Select(s => s.Name).Order());
        Assert.All(services, s => Assert.Equal("CMD", s.Value.GetProperty("healthcheck").GetProperty("test")[0].GetString()));
        Assert.All(services, s => Assert.Equal("unless-stopped", s.Value.GetProperty("restart").GetString()));
    }

    [Fact]
    public async Task Ports_are_open_to_this_machine_only()
    {
        var services = (await ComposeFile.ReadAsync()).GetProperty("services").EnumerateObject();
        Assert.All(
            services.Where(s => s.Value.TryGetProperty("ports", out _)).SelectMany(s => s.Value.GetProperty("ports").EnumerateArray()),
            p => Assert.StartsWith("127.0.0.1:", p.GetString()!, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_gateways_variables_are_options_and_their_values_are_accepted()
    {
        var variables = (await GatewayAsync())
            .GetProperty("environment")
            .EnumerateObject()
            .ToDictionary(v => v.Name, v => Reference().Replace(v.Value.GetString()!, m => Sample(m.Groups[1].Value)));
        var names = HubOptionsReader.All.SelectMany(o => o.Variables).Concat(OfTheHost).ToHashSet();
        Assert.All(variables.Where(v => v.Value.Length > 0), v => Assert.Contains(v.Key, names));
        Assert.Empty(HubOptionsReader.Read(_ => null, name => variables.GetValueOrDefault(name), isDevelopment: false, out _));
    }

    [Fact]
    public async Task Every_option_reaches_the_gateway_and_no_secret_of_the_others_does()
    {
        var gateway = await GatewayAsync();
        Assert.Equal([".env"], gateway.GetProperty("env_file").EnumerateArray().Select(f => f.GetString()));
        var options = HubOptionsReader.All.SelectMany(o => o.Variables).ToHashSet();
        var secrets = File.ReadLines(Path.Combine(Repository.Root, ".env.example"))
            .Where(l => l.Contains('=') && !l.StartsWith('#'))
            .Select(l => l.Split('=')[0])
            .Where(n => !options.Contains(n));
        Assert.All(secrets, name => Assert.Equal("", gateway.GetProperty("environment").GetProperty(name).GetString()));
    }

    [Fact]
    public async Task Variables_to_fill_in_are_those_of_the_example()
    {
        var text = await File.ReadAllTextAsync(ComposeFile.FilePath);
        var example = File.ReadLines(Path.Combine(Repository.Root, ".env.example"))
            .Where(l => l.Contains('=') && !l.StartsWith('#'))
            .Select(l => l.Split('=')[0]);
        Assert.Equal(Reference().Matches(text).Select(m => m.Groups[1].Value).Distinct().Order(), example.Order());
    }

    [Fact]
    public async Task Mounted_files_exist()
    {
        var mounts = (await ComposeFile.ReadAsync())
            .GetProperty("services")
            .EnumerateObject()
            .Where(s => s.Value.TryGetProperty("volumes", out _))
            .SelectMany(s => s.Value.GetProperty("volumes").EnumerateArray())
            .Select(v => v.GetString()!.Split(':')[0])
            .Where(v => v.StartsWith("./", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(mounts);
        Assert.All(mounts, m => Assert.True(Path.Exists(Path.Combine(Repository.Root, m)), m));
    }

    [Fact]
    public async Task Health_and_metrics_paths_are_served_on_the_port_that_is_named()
    {
        await using var hub = await HubHost.StartAsync();
        var check = (await GatewayAsync()).GetProperty("healthcheck").GetProperty("test").EnumerateArray().Last().GetString()!;
        Assert.Equal(8080, new Uri(check).Port);
        Assert.Equal(new ServerOptions().ServerPort, new Uri(check).Port);
        using var health = await hub.Anonymous.GetAsync(new Uri(check).AbsolutePath);
        Assert.True(health.IsSuccessStatusCode);
        var prometheus = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "grafana", "prometheus", "prometheus.yml"));
        Assert.Contains("\"gateway:8080\"", prometheus, StringComparison.Ordinal);
        using var metrics = await hub.Anonymous.GetAsync(Regex.Match(prometheus, @"metrics_path: (\S+)").Groups[1].Value);
        Assert.True(metrics.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_datasource_and_the_dashboards_stand_where_grafana_looks()
    {
        var services = (await ComposeFile.ReadAsync()).GetProperty("services");
        var mounts = services
            .GetProperty("grafana")
            .GetProperty("volumes")
            .EnumerateArray()
            .Select(v => v.GetString()!.Split(':')[1])
            .ToList();
        var provider = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "grafana", "provisioning", "dashboards", "oneui.yml"));
        Assert.Contains(Regex.Match(provider, @"path: (\S+)").Groups[1].Value, mounts);
        var datasource = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "grafana", "provisioning", "datasources", "prometheus.yml")
        );
        var address = new Uri(Regex.Match(datasource, @"url: (\S+)").Groups[1].Value);
        Assert.True(services.TryGetProperty(address.Host, out var prometheus));
        Assert.EndsWith($":{address.Port}", prometheus.GetProperty("ports")[0].GetString()!, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> GatewayAsync() => (await ComposeFile.ReadAsync()).GetProperty("services").GetProperty("gateway");

    private static string Sample(string variable) =>
        variable switch
        {
            "ADMIN_EMAIL" => "admin@example.org",
            "JWT_SECRET" => "kV3xQ9pLw7ZtR2mN8bYc4HdJ6fGsA1eU",
            _ => "Qw7ZtR2mN8bYc4Hd",
        };

    [GeneratedRegex(@"\$\{(\w+):\?[^}]*\}")]
    private static partial Regex Reference();
}
