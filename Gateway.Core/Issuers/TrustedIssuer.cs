using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Issuers;

/// <summary>
/// Keeps the issuer's settings and keys. Keys are fetched at the first use, on an interval, and when a token names an unknown one, but
/// never more often than <see cref="IssuerOptions.OidcKeysRetryInterval"/>, whatever tokens come; all who wait share one fetch. An issuer
/// that is down leaves the last good keys in force.
/// </summary>
public sealed partial class TrustedIssuer : IChangeConsumer, IDisposable
{
    private readonly IDbContextFactory<HubDbContext> _databases;
    private readonly IssuerOptions _options;
    private readonly SecretBox _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger<TrustedIssuer> _logger;
    private readonly IssuerKeyClient _client;
    private readonly Lock _lock = new();
    private IssuerTrust? _current;
    private Task? _fetch;
    private IssuerSettings? _fetchedFor;
    private long _fetchedAt;

    /// <summary>Knows no issuer until <see cref="ResetAsync"/>.</summary>
    public TrustedIssuer(
        IDbContextFactory<HubDbContext> databases,
        IssuerOptions options,
        SecretBox secrets,
        TimeProvider time,
        ILogger<TrustedIssuer> logger
    )
    {
        (_databases, _options, _secrets, _time, _logger) = (databases, options, secrets, time, logger);
        _client = new IssuerKeyClient(options);
    }

    /// <summary>Whether there is an issuer beside us.</summary>
    public bool IsSet => Current is not null;

    /// <summary>The trust in force; null: no issuer.</summary>
    internal IssuerTrust? Current => Volatile.Read(ref _current);

    /// <inheritdoc />
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var settings = await IssuerSettings.ReadAsync(db, _options, _secrets, cancellationToken);
        if (settings is { Audiences.Count: 0, Client: null })
        {
            Log.NoAudience(_logger, settings.Issuer); // a token for another service would open ours
            settings = null;
        }
        lock (_lock)
        {
            // The keys stay when only the meaning of claims changed.
            Volatile.Write(
                ref _current,
                settings is null
                    ? null
                    : new IssuerTrust(
                        settings,
                        _current is { } before && before.Settings.Issuer == settings.Issuer ? before.Published : null
                    )
            );
        }
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        changes.Any(c =>
            c.EntityType == ChangedEntities.Setting && c.EntityId.StartsWith(IssuerSettings.KeyPrefix, StringComparison.Ordinal)
        )
            ? ResetAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Fetches the keys again, unless that was tried a moment ago. Never fails: what is in force stays.</summary>
    public Task RefreshAsync()
    {
        lock (_lock)
        {
            if (_current is not { } trust)
            {
                return Task.CompletedTask;
            }
            var isSame = _fetchedFor?.Issuer == trust.Settings.Issuer;
            if (isSame && _fetch is { IsCompleted: false })
            {
                return _fetch;
            }
            if (isSame && _time.GetElapsedTime(_fetchedAt) < _options.OidcKeysRetryInterval)
            {
                return Task.CompletedTask;
            }
            (_fetchedFor, _fetchedAt) = (trust.Settings, _time.GetTimestamp());
            return _fetch = Task.Run(() => FetchAsync(trust.Settings));
        }
    }

    /// <summary>Exchanges a code for an ID token. Never fails: what went wrong is in the log, for the operator.</summary>
    internal async Task<(IssuerVerdict Verdict, string IdToken)> ExchangeAsync(
        IssuerTrust trust,
        IssuerCode code,
        CancellationToken cancellationToken
    )
    {
        if (trust is not { Published.Endpoints: { } endpoints, Settings.Client: { } client })
        {
            return (IssuerVerdict.Unavailable, "");
        }
        try
        {
            var (token, refusal) = await _client.ExchangeAsync(endpoints, client, code, cancellationToken);
            if (token is not null)
            {
                return (IssuerVerdict.Accepted, token);
            }
            Log.CodeRefused(_logger, trust.Settings.Issuer, refusal!);
            return (IssuerVerdict.Invalid, "");
        }
        catch (IssuerUnavailableException fault)
        {
            Log.NoExchange(_logger, trust.Settings.Issuer, fault.Message);
            return (IssuerVerdict.Unavailable, "");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task FetchAsync(IssuerSettings settings)
    {
        try
        {
            var published = await _client.FetchAsync(settings, CancellationToken.None);
            lock (_lock)
            {
                if (_current is { } trust && trust.Settings.Issuer == settings.Issuer && !published.IsSame(trust.Published))
                {
                    Volatile.Write(ref _current, trust with { Published = published });
                    Log.KeysChanged(_logger, settings.Issuer);
                }
            }
        }
        catch (IssuerUnavailableException fault)
        {
            Log.Unavailable(_logger, settings.Issuer, fault.Message);
        }
        catch (Exception fault)
        {
            Log.Failed(_logger, settings.Issuer, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "oidc_issuer is {Issuer}, but oidc_audience is empty: none of its tokens is accepted."
        )]
        public static partial void NoAudience(ILogger logger, string issuer);

        [LoggerMessage(Level = LogLevel.Information, Message = "The keys of the issuer {Issuer} were read anew.")]
        public static partial void KeysChanged(ILogger logger, string issuer);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The signing keys of the issuer {Issuer} are unavailable: {Reason} Those read last stay in force."
        )]
        public static partial void Unavailable(ILogger logger, string issuer, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The issuer {Issuer} refused the code of a sign-in: {Word}. If it says invalid_client, see oidc_client_id and "
                + "oidc_client_secret."
        )]
        public static partial void CodeRefused(ILogger logger, string issuer, string word);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the issuer {Issuer} could not be completed: {Reason}")]
        public static partial void NoExchange(ILogger logger, string issuer, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The keys of the issuer {Issuer} could not be read. Those read last stay in force."
        )]
        public static partial void Failed(ILogger logger, string issuer, Exception fault);
    }
}
