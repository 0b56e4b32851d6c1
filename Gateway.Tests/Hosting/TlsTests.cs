using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

/// <summary>HTTPS with PEM files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-tls-");
    private readonly X509Certificate2 _root = Authority("root", issuer: null);

    private string CertificatePath => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyPath => Path.Combine(_folder.FullName, "tls.key");

    [Theory, InlineData("rsa"), InlineData("ec")]
    public async Task Calls_are_served_over_https_with_the_whole_chain(string kind)
    {
        using var between = Authority("between", _root);
        Write(between, "first", kind == "ec" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048), withIssuer: true);
        await using var hub = await StartAsync();
        Assert.Equal("https", hub.Address.Scheme);
        using var client = Client(hub, out _);
        client.DefaultRequestHeaders.Authorization = new("Bearer", hub.ApiKey);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        using var second = new HttpRequestMessage(HttpMethod.Get, "/v1/models")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), await VersionAsync(client, second));
    }

    [Fact]
    public async Task A_stream_that_fails_is_reset_over_http2_behind_its_error_event()
    {
        Write(_root, "first", RSA.Create(2048));
        await using var hub = await StartAsync();
        using var client = Client(hub, out _);
        client.DefaultRequestHeaders.Authorization = new("Bearer", hub.ApiKey);
        using var call = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Stream("sandbox-error-event"));
        (call.Version, call.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var answer = await client.SendAsync(call, HttpCompletionOption.ResponseHeadersRead);
        var (bytes, isCut) = await (await answer.Content.ReadAsStreamAsync()).ReadAsFarAsItComesAsync();
        Assert.True(isCut);
        Assert.Contains("The server had an error", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal("upstream_error", (await hub.RecordAsync(answer)).Outcome);
    }

    [Fact]
    public async Task Sound_that_breaks_has_its_status_and_is_reset_over_http2()
    {
        Write(_root, "first", RSA.Create(2048));
        await using var hub = await StartAsync();
        using var client = Client(hub, out _);
        client.DefaultRequestHeaders.Authorization = new("Bearer", hub.ApiKey);
        using var call = InferenceCalls.Post("/v1/audio/speech", """{"model":"sandbox-drop-mid-stream","input":"Hello","voice":"alloy"}""");
        (call.Version, call.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var answer = await client.SendAsync(call, HttpCompletionOption.ResponseHeadersRead);
        var (bytes, isCut) = await (await answer.Content.ReadAsStreamAsync()).ReadAsFarAsItComesAsync();
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, isCut));
        Assert.NotEmpty(bytes);
    }

    [Fact]
    public async Task A_changed_certificate_is_served_to_the_next_connection_without_a_restart()
    {
        Write(_root, "first", RSA.Create(2048));
        await using var hub = await StartAsync();
        Assert.Equal("CN=first", await SubjectAsync(hub));
        File.WriteAllText(CertificatePath, "half writ");
        Assert.Equal("CN=first", await SubjectAsync(hub));
        Write(_root, "second", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.Equal("CN=second", await SubjectAsync(hub));
    }

    [Fact]
    public async Task A_link_that_points_to_other_files_is_a_change_too()
    {
        Write(_root, "first", RSA.Create(2048));
        var (certificate, key) = (Path.Combine(_folder.FullName, "link.crt"), Path.Combine(_folder.FullName, "link.key"));
        File.CreateSymbolicLink(certificate, CertificatePath);
        File.CreateSymbolicLink(key, KeyPath);
        await using var hub = await StartAsync(certificate, key);
        Assert.Equal("CN=first", await SubjectAsync(hub));
        var other = _folder.CreateSubdirectory("other").FullName;
        Write(_root, "second", RSA.Create(2048), folder: other);
        File.Delete(certificate);
        File.Delete(key);
        File.CreateSymbolicLink(certificate, Path.Combine(other, "tls.crt"));
        File.CreateSymbolicLink(key, Path.Combine(other, "tls.key"));
        Assert.Equal("CN=second", await SubjectAsync(hub));
    }

    [
        Theory,
        InlineData("missing certificate"),
        InlineData("missing key"),
        InlineData("key of another"),
        InlineData("no pem"),
        InlineData("swapped")
    ]
    public async Task Files_that_cannot_be_served_stop_the_start_with_their_names_and_no_content(string fault)
    {
        Write(_root, "first", RSA.Create(2048));
        var certificate = CertificatePath;
        var key = KeyPath;
        switch (fault)
        {
            case "missing certificate":
                File.Delete(CertificatePath);
                break;
            case "missing key":
                File.Delete(KeyPath);
                break;
            case "key of another":
                using (var other = RSA.Create(2048))
                {
                    File.WriteAllText(KeyPath, other.ExportPkcs8PrivateKeyPem());
                }
                break;
            case "no pem":
                File.WriteAllText(CertificatePath, "hush-hush");
                break;
            default:
                (certificate, key) = (key, certificate);
                break;
        }
        var failed = await Assert.ThrowsAsync<StartFailedException>(() => StartAsync(certificate, key));
        Assert.StartsWith(
            $"TLS cannot be served with TLS_CERTIFICATE \"{certificate}\" and TLS_KEY \"{key}\": ",
            failed.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("hush", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_the_two_files_alone_stops_the_start()
    {
        var failed = await Assert.ThrowsAsync<StartFailedException>(() =>
            HubHost.StartAsync(settings: new Dictionary<string, string> { ["TLS_KEY"] = "any" })
        );
        Assert.Equal("TLS_CERTIFICATE and TLS_KEY go together; only one of them is set.", failed.Message);
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task<HubHost> StartAsync(string? certificate = null, string? key = null) =>
        HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["TLS_CERTIFICATE"] = certificate ?? CertificatePath, ["TLS_KEY"] = key ?? KeyPath }
        );

    // Trusts the root and nothing else: what stands between must come from the server.
    private HttpClient Client(HubHost hub, out Func<string?> subject)
    {
        string? seen = null;
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            seen = certificate!.Subject;
            using var check = new X509Chain();
            check.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            check.ChainPolicy.CustomTrustStore.Add(_root);
            check.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            check.ChainPolicy.ExtraStore.AddRange(chain!.ChainPolicy.ExtraStore);
            return check.Build((X509Certificate2)certificate);
        };
        subject = () => seen;
        return new HttpClient(handler) { BaseAddress = hub.Address };
    }

    private async Task<string?> SubjectAsync(HubHost hub)
    {
        using var client = Client(hub, out var subject);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
        return subject();
    }

    private static async Task<(HttpStatusCode, Version)> VersionAsync(HttpClient client, HttpRequestMessage request)
    {
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, answer.Version);
    }

    private void Write(X509Certificate2 issuer, string name, AsymmetricAlgorithm key, bool withIssuer = false, string? folder = null)
    {
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var generator = X509SignatureGenerator.CreateForRSA(issuer.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            issuer.SubjectName,
            generator,
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(30),
            RandomNumberGenerator.GetBytes(8)
        );
        folder ??= _folder.FullName;
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(
            Path.Combine(folder, "tls.crt"),
            certificate.ExportCertificatePem() + "\n" + (withIssuer ? issuer.ExportCertificatePem() : "")
        );
        key.Dispose();
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(60));
        return issuer is null
            ? request.CreateSelfSigned(from, to)
            : request.Create(issuer, from.AddHours(1), to.AddHours(-1), RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
    }
}
