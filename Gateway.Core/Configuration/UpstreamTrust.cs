using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Configuration;

/// <summary>
/// Which upstreams are believed to be who they say: those that the system trusts, and those of an authority that the operator names
/// (<c>UPSTREAM_CA_FILE</c>).
/// </summary>
public static class UpstreamTrust
{
    /// <summary>Adds the operator's authorities to those of the system. Names and dates of certificates are always checked.</summary>
    /// <param name="handler">The client's.</param>
    /// <param name="options">Where the file is; without one nothing changes.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds no certificate.</exception>
    public static void Configure(SocketsHttpHandler handler, UpstreamOptions options)
    {
        if (options.UpstreamCaFile is not { } file)
        {
            return;
        }
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None
            || (
                errors == SslPolicyErrors.RemoteCertificateChainErrors
                && certificate is X509Certificate2 server
                && IsOf(authorities, server)
            );
    }

    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate2 server)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an operator's own authority seldom has a list
        return chain.Build(server);
    }
}
