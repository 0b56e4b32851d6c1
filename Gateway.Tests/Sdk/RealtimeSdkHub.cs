using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;

namespace Gateway.Tests.Sdk;

/// <summary>The product over TLS, with OpenAI as its upstream: realtime sessions of the SDKs go nowhere else.</summary>
internal sealed class RealtimeSdkHub : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ProviderHost _provider;
    private readonly HubHost _hub;
    private readonly string _budgetKey;

    private RealtimeSdkHub(DirectoryInfo folder, ProviderHost provider, HubHost hub, string budgetKey) =>
        (_folder, _provider, _hub, _budgetKey) = (folder, provider, hub, budgetKey);

    /// <summary>What the Node tests read of it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        [
            new("HUB_REALTIME_URL", new Uri(_hub.Address, "v1").ToString()),
            new("HUB_REALTIME_KEY", _hub.ApiKey),
            new("HUB_REALTIME_BUDGET_KEY", _budgetKey),
            new("NODE_EXTRA_CA_CERTS", CertificatePath(_folder)),
        ];

    public static async Task<RealtimeSdkHub> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hub-realtime-");
        WriteCertificate(folder);
        var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["TLS_CERTIFICATE"] = CertificatePath(folder);
        settings["TLS_KEY"] = KeyPath(folder);
        var hub = await HubHost.StartAsync(settings: settings);
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        return new RealtimeSdkHub(folder, provider, hub, caller.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string CertificatePath(DirectoryInfo folder) => Path.Combine(folder.FullName, "tls.crt");

    private static string KeyPath(DirectoryInfo folder) => Path.Combine(folder.FullName, "tls.key");

    // One that is its own authority.
    private static void WriteCertificate(DirectoryInfo folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificatePath(folder), certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath(folder), key.ExportPkcs8PrivateKeyPem());
    }
}
