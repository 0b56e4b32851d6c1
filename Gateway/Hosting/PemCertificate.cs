using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>
/// The server's certificate from PEM files (<c>TLS_CERTIFICATE</c>: the certificate and, after it, those between it and the root;
/// <c>TLS_KEY</c>). When a file changes, the next connection gets the new certificate; while the two do not fit together, because one is
/// still being written, connections get the one before.
/// </summary>
internal sealed partial class PemCertificate
{
    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Loaded _loaded;
    private FileState _refused;

    private PemCertificate(string certificatePath, string keyPath, ILogger logger)
    {
        (_certificatePath, _keyPath, _logger) = (certificatePath, keyPath, logger);
        _loaded = Load(FileState.Of(certificatePath, keyPath));
    }

    /// <summary>Loads the files that the options name; null when they name none.</summary>
    /// <exception cref="StartFailedException">A file is missing, is no PEM, or certificate and key do not belong together.</exception>
    public static PemCertificate? Open(ServerOptions options, ILogger logger)
    {
        if (options.TlsCertificate is not { } certificate || options.TlsKey is not { } key)
        {
            return null;
        }
        try
        {
            return new PemCertificate(certificate, key, logger);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new StartFailedException(
                $"TLS cannot be served with TLS_CERTIFICATE \"{certificate}\" and TLS_KEY \"{key}\": {fault.Message}"
            );
        }
    }

    /// <summary>The certificate with its chain, as the files hold it now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            var state = FileState.Of(_certificatePath, _keyPath);
            lock (_lock)
            {
                if (state != _loaded.State && state != _refused)
                {
                    Reload(state);
                }
                return _loaded.Context;
            }
        }
    }

    private void Reload(FileState state)
    {
        try
        {
            _loaded = Load(state); // the one before is left to the collector: handshakes may still use it
            Log.Reloaded(_logger, _certificatePath);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            _refused = state;
            Log.NotReloaded(_logger, _certificatePath, fault.Message);
        }
    }

    private Loaded Load(FileState state)
    {
        using var pem = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
        // Some platforms serve no key that lives in memory alone
        var leaf = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), password: null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        return new Loaded(state, SslStreamCertificateContext.Create(leaf, chain, offline: true));
    }

    private static bool IsFault(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private sealed record Loaded(FileState State, SslStreamCertificateContext Context);

    /// <summary>What tells that files changed: also a link that points elsewhere, as secrets mounted into containers do.</summary>
    private readonly record struct FileState(string? Certificate, DateTime CertificateTime, string? Key, DateTime KeyTime)
    {
        public static FileState Of(string certificate, string key)
        {
            var (first, second) = (Resolve(certificate), Resolve(key));
            return new FileState(first, File.GetLastWriteTimeUtc(first), second, File.GetLastWriteTimeUtc(second));
        }

        private static string Resolve(string path)
        {
            try
            {
                return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return path;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The certificate {Path} was read anew.")]
        public static partial void Reloaded(ILogger logger, string path);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The certificate {Path} changed and cannot be used: {Reason} The one before stays in use."
        )]
        public static partial void NotReloaded(ILogger logger, string path, string reason);
    }
}
