using System.Diagnostics;
using System.Net;
using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Hosting;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>The variables of the deployments before this product work as they were given there.</summary>
public sealed class EarlierDeploymentTests
{
    private static readonly string Secret = Base62.Random(48);

    [Fact]
    public async Task A_database_may_be_given_in_parts()
    {
        var url = new Uri(await PostgresServer.CreateDatabaseAsync());
        var credentials = url.UserInfo.Split(':', 2);
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["DB_HOST"] = url.Host,
                ["DB_PORT"] = $"{url.Port}",
                ["DB_USER"] = Uri.UnescapeDataString(credentials[0]),
                ["DB_PASSWORD"] = credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : "",
                ["DB_NAME"] = url.AbsolutePath.Trim('/'),
            }
        );
        Assert.Equal("postgres", hub.Host.Services.GetRequiredService<Gateway.Core.Storage.Providers.StoreProvider>().Name);
        (await hub.Admin.Client.ReadAsync("/me")).Is(200);
    }

    [Theory]
    [InlineData("DB_HOST=db;DB_USER=u;DB_PASSWORD=p@:/;DB_NAME=n;DB_PORT=6543", "postgres://u:p%40%3A%2F@db:6543/n")]
    [InlineData("DB_HOST=db;DB_USER=u", "postgres://u@db:5432/oneui_hub")]
    [InlineData("DB_HOST=::1;DB_USER=u", "postgres://u@[::1]:5432/oneui_hub")]
    [InlineData("DB_HOST=db;DB_USER=u;DATABASE_URL=sqlite:x.db", "sqlite:x.db")]
    [InlineData("DATABASE_URL=postgresql+asyncpg://u:p@db:5432/n", "postgresql+asyncpg://u:p@db:5432/n")]
    [InlineData("DB_HOST=db;DB_USER=u;DB_PORT=3307;DB_TYPE=postgres", "postgres://u@db:3307/oneui_hub")]
    [InlineData("DB_PORT=5432;DB_USER=u", null)]
    public void The_parts_make_a_url_which_a_whole_one_wins_over(string variables, string? url) =>
        Assert.Equal(url, Read(variables).Options.Database.DatabaseUrl);

    [Theory]
    [InlineData("DB_HOST=db;DB_USER=u;DB_PORT=3306", "mysql://u@db:3306/oneui_hub")]
    [InlineData("DB_HOST=db;DB_USER=u;DB_TYPE=mysql", "mysql://u@db:3306/oneui_hub")]
    [InlineData("DB_HOST=db;DB_USER=u;DB_TYPE=MariaDB;DB_PORT=5432;DB_NAME=n", "mysql://u@db:5432/n")]
    public void The_parts_of_a_mysql_server_make_its_url(string variables, string url)
    {
        var (options, faults) = Read(variables);
        Assert.Equal(url, options.Database.DatabaseUrl);
        Assert.Equal(Gateway.Core.Storage.Providers.BuildFlavour.HasMySql ? 0 : 1, faults.Count);
    }

    [
        Theory,
        InlineData("DB_HOST=db", "DB_USER is not set"),
        InlineData("DB_HOST=db;DB_USER=u;DB_TYPE=oracle", "DB_TYPE is \"oracle\"; expected: mysql or postgres"),
        InlineData("DB_HOST=db;DB_USER=u;DB_PORT=x", "DB_PORT is \"x\""),
        InlineData("DB_HOST=d b;DB_USER=u", "DB_HOST is \"d b\"")
    ]
    public void A_part_that_is_wrong_is_named(string variables, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Read(variables).Faults), StringComparison.Ordinal);

    [Fact]
    public void The_other_variables_mean_what_they_meant()
    {
        var (options, faults) = Read(
            $"""
            SERVER_HOST=0.0.0.0;SERVER_PORT=8090;JWT_SECRET_KEY={Secret};TOKEN_DURATION=12h;REFRESH_TOKEN_DURATION=168h;LLM_SERVICE_URL=http://llm:8000;LITELLM_BASE_URL=http://litellm:4000;LITELLM_API_KEY=sk-x;LITELLM_TIMEOUT=45s;
            CORS_ORIGINS=http://localhost:3000,https://app.example;EXCHANGE_RATE_API_KEY=abc;ENCRYPTION_KEY={Convert.ToBase64String(
                System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)
            )};
            UPLOAD_DIR=./uploads;RATE_LIMIT_PER_MINUTE=50;RATE_LIMIT_USER_PER_MINUTE=60;RATE_LIMIT_AUTH_PER_MINUTE=5;RATE_LIMIT_CATALOGUE_PER_MINUTE=70;TRUSTED_PROXIES=10.0.0.0/8;BILLING_MODE=prepaid;
            DOCS_ENABLED=false;MIGRATE_ON_START=false;GUEST_SESSIONS_ENABLED=true;ADMIN_EMAIL=boss@example.com;ADMIN_PASSWORD=long enough
            """
        );
        Assert.Empty(faults);
        Assert.Equal(
            ("0.0.0.0", 8090, Secret, TimeSpan.FromHours(12), TimeSpan.FromHours(168)),
            (
                options.Server.ServerHost,
                options.Server.ServerPort,
                options.Token.JwtSecret,
                options.Token.AccessTokenLifetime,
                options.Token.RefreshTokenLifetime
            )
        );
        Assert.Equal(
            ("http://llm:8000/", "http://litellm:4000/", "sk-x", TimeSpan.FromSeconds(45)),
            (
                options.Upstream.LlmServiceUrl!.ToString(),
                options.Upstream.LiteLlmBaseUrls[0].ToString(),
                options.Upstream.LiteLlmApiKey,
                options.LiteLlm.LiteLlmTimeout
            )
        );
        Assert.Equal(["http://localhost:3000", "https://app.example"], options.Server.CorsOrigins!);
        Assert.Equal(
            (50, 60, 5, 70),
            (
                options.AdminApi.AnonymousRequestsPerMinute,
                options.AdminApi.UserRequestsPerMinute,
                options.AdminApi.AuthRequestsPerMinute,
                options.AdminApi.CatalogueRequestsPerMinute
            )
        );
        Assert.Equal(
            ("./uploads", "abc", BillingMode.Prepaid, false, false, true),
            (
                options.AdminApi.UploadDirectory,
                options.AdminApi.ExchangeRateApiKey,
                options.Budget.BillingMode,
                options.AdminApi.DocsEnabled,
                options.Database.MigrateOnStart,
                options.Account.GuestSessions
            )
        );
        Assert.Equal(
            ("boss@example.com", "long enough", 32, 1),
            (
                options.Account.AdminEmail,
                options.Account.AdminPassword,
                options.AdminApi.EncryptionKey!.Length,
                options.Server.TrustedProxies.Count
            )
        );
    }

    [Theory, InlineData("development", "Development"), InlineData("Production", "Production"), InlineData("staging", "Staging")]
    public void App_env_names_the_environment_when_nothing_else_does(string name, string full)
    {
        var variables = new System.Collections.Hashtable { ["APP_ENV"] = name };
        Assert.Equal(["x", "--environment", full], EarlierNames.WithEnvironment(["x"], variables));
        Assert.Equal(["--environment=Production"], EarlierNames.WithEnvironment(["--environment=Production"], variables));
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        Assert.Equal(["x"], EarlierNames.WithEnvironment(["x"], variables));
    }

    [Fact]
    public void An_environment_that_is_none_stops_the_start() =>
        Assert.StartsWith(
            "APP_ENV is \"moon\"",
            Assert
                .Throws<StartFailedException>(() =>
                    EarlierNames.WithEnvironment([], new System.Collections.Hashtable { ["APP_ENV"] = "moon" })
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("REDIS_URL", "nodes share their state in PostgreSQL")]
    public async Task A_variable_without_effect_is_named_in_a_warning_at_start(string name, string reason)
    {
        using var logs = new LogCapture();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { [name] = "hush-hush" },
            configure: builder => builder.Logging.AddProvider(logs)
        );
        var warning = Assert.Single(logs.Entries, e => e.Level == LogLevel.Warning && e.Text.Contains(name, StringComparison.Ordinal));
        Assert.Contains(reason, warning.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Entries, e => e.Text.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void A_providers_address_without_its_key_is_named_too() =>
        Assert.Equal(
            "OPENAI_BASE_URL has no effect: OPENAI_API_KEY is not set.",
            Assert.Single(EarlierNames.Notes(new System.Collections.Hashtable { ["OPENAI_BASE_URL"] = "http://host" }))
        );

    [Fact]
    public async Task Debug_changes_logs_and_never_what_clients_see()
    {
        using var logs = new LogCapture();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["DEBUG"] = "true", ["JWT_SECRET"] = Secret },
            environment: "Production",
            configure: builder => builder.Logging.AddProvider(logs)
        );
        var loggers = hub.Services.GetRequiredService<ILoggerFactory>();
        Assert.Equal(
            (true, false),
            (loggers.CreateLogger("Gateway.Any").IsEnabled(LogLevel.Debug), loggers.CreateLogger("Microsoft.Any").IsEnabled(LogLevel.Debug))
        );
        var answer = await hub.Anonymous.SendAsync("POST", "/auth/login", "{");
        answer.IsError(400, "invalid_json");
        Assert.DoesNotContain("Exception", answer.Raw, StringComparison.Ordinal);
        Assert.True(hub.Services.GetRequiredService<IHostEnvironment>().IsProduction());
    }

    [Fact]
    public async Task The_file_in_the_working_directory_is_read_and_the_real_environment_wins()
    {
        var folder = Directory.CreateTempSubdirectory("hub-env-");
        File.WriteAllText(
            Path.Combine(folder.FullName, ".env"),
            "# as before\nAPP_ENV=production\nexport "
                + $"JWT_SECRET_KEY=\"{Secret}\"\nSERVER_PORT=not-a-port\nREDIS_URL=redis://cache:6379/0\nDATA_DIR=./from-the-file\n"
        );
        var start = new ProcessStartInfo("dotnet", [typeof(HubProcess).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        start.Environment["SERVER_PORT"] = "0";
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var lines = new List<string>();
            while (!lines.Exists(l => l.Contains("listens on", StringComparison.Ordinal)))
            {
                lines.Add(
                    await process.StandardOutput.ReadLineAsync(limit.Token)
                        ?? throw new InvalidOperationException(
                            string.Join('\n', lines) + await process.StandardError.ReadToEndAsync(limit.Token)
                        )
                );
            }
            Assert.Contains(lines, l => l.Contains("REDIS_URL has no effect", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.Combine(folder.FullName, "from-the-file", "hub.db")));
            Assert.DoesNotContain(lines, l => l.Contains("shown once", StringComparison.Ordinal)); // Production, as the file says
            using var client = new HttpClient();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(lines[^1].Split("listens on ")[1].Trim() + "/health")).StatusCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static (HubOptions Options, IReadOnlyList<string> Faults) Read(string variables)
    {
        var values = variables
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(v => v[..v.IndexOf('=')], v => v[(v.IndexOf('=') + 1)..]);
        var faults = HubOptionsReader.Read(_ => null, values.GetValueOrDefault, isDevelopment: true, out var options);
        return (options, faults);
    }
}
