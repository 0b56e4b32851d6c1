using System.Net.Http.Headers;
using Gateway.Core.Storage;
using Gateway.Hosting;
using Gateway.Sandbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>
/// The whole product as an operator runs it, in this process: the real host on a free port, a real database, the sandbox upstream over
/// HTTP.
/// </summary>
public sealed class HubHost : IAsyncDisposable
{
    private readonly HubProcess _process;
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;

    private HubHost(HubProcess process, DirectoryInfo folder, bool ownsFolder)
    {
        _process = process;
        _folder = folder;
        _ownsFolder = ownsFolder;
        Client = NewClient(ApiKey);
        Anonymous = NewClient(null);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _process.Address;

    /// <summary>The key of the first admin.</summary>
    public string ApiKey => _process.FirstStart.ApiKey ?? "";

    /// <summary>The email of the first admin.</summary>
    public string AdminEmail => _process.FirstStart.AdminEmail ?? "";

    /// <summary>The password of the first admin.</summary>
    public string AdminPassword => _process.FirstStart.AdminPassword ?? "";

    /// <summary>A client with <see cref="ApiKey"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>The upstream; null when the settings name another.</summary>
    public SandboxHost? Sandbox => _process.Sandbox;

    /// <summary>The product's own services, for what cannot be seen from outside.</summary>
    public IServiceProvider Services => _process.App.Services;

    /// <summary>The database.</summary>
    public IDbContextFactory<HubDbContext> Databases => Services.GetRequiredService<IDbContextFactory<HubDbContext>>();

    /// <summary>Starts on an empty database.</summary>
    /// <param name="database">Which one.</param>
    /// <param name="settings">Environment variables of the process, by name.</param>
    /// <param name="time">The clock, when not the system's.</param>
    /// <param name="sandbox">The sandbox's options.</param>
    /// <param name="configure">Last changes to the host's builder.</param>
    /// <param name="folder">The data folder; null: one of its own, deleted at the end.</param>
    /// <param name="environment">Development or Production.</param>
    public static async Task<HubHost> StartAsync(
        TestDatabase database = TestDatabase.Sqlite,
        IReadOnlyDictionary<string, string>? settings = null,
        TimeProvider? time = null,
        SandboxOptions? sandbox = null,
        Action<WebApplicationBuilder>? configure = null,
        DirectoryInfo? folder = null,
        string environment = "Development"
    )
    {
        var data = folder ?? Directory.CreateTempSubdirectory("hub-test-");
        var variables = new Dictionary<string, string>
        {
            ["DATA_DIR"] = data.FullName,
            ["SERVER_PORT"] = "0",
            ["PASSWORD_ITERATIONS"] = "1000",
            ["SHUTDOWN_SECONDS"] = "5",
            ["RATE_LIMIT_PER_MINUTE"] = "0", // all tests come from one address
            ["RATE_LIMIT_USER_PER_MINUTE"] = "0",
            ["RATE_LIMIT_AUTH_PER_MINUTE"] = "0",
            ["RATE_LIMIT_CATALOGUE_PER_MINUTE"] = "0",
            ["WARM_UP_SECONDS"] = "0",
            ["JOURNAL_SEGMENT_BYTES"] = "1048576",
            // Callers of tests have the limits that the test gives them; an empty text brings the default back
            ["DEFAULT_MONTHLY_BUDGET"] = "0",
        };
        if (settings?.ContainsKey("DATABASE_URL") != true && await CreateDatabaseAsync(database, folder is null ? data : null) is { } url)
        {
            variables["DATABASE_URL"] = url;
        }
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }
        var process = await HubProcess.StartAsync(
            ["--environment", environment],
            variables,
            builder =>
            {
                builder.Logging.ClearProviders();
                if (time is not null)
                {
                    builder.Services.AddSingleton(time);
                }
                configure?.Invoke(builder);
            },
            sandbox
        );
        return new HubHost(process, data, ownsFolder: folder is null);
    }

    // A folder that the test brought may hold a database.
    private static Task<string?> CreateDatabaseAsync(TestDatabase database, DirectoryInfo? ownFolder) =>
        ownFolder is null ? TestDatabases.CreateAsync(database) : MigratedDatabases.CreateAsync(database, ownFolder);

    /// <summary>A client with a credential as bearer token; null for none.</summary>
    public HttpClient NewClient(string? credential)
    {
        var client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, AllowAutoRedirect = false })
        {
            BaseAddress = Address,
        };
        if (!string.IsNullOrEmpty(credential))
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Anonymous.Dispose();
        await _process.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}
