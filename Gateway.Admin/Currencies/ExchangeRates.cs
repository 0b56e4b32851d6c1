using System.Text.Json;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Currencies;

/// <summary>
/// Reads exchange rates of all stored currencies against USD and keeps them, both ways. They are for display: money is USD.
/// </summary>
internal sealed partial class ExchangeRates : IDisposable
{
    private const int Digits = 10;
    private const decimal HighestRate = 1_000_000_000;

    private readonly ChangeWriter _changes;
    private readonly AdminApiOptions _options;
    private readonly ILogger<ExchangeRates> _logger;
    private readonly HttpClient _http;

    public ExchangeRates(ChangeWriter changes, AdminApiOptions options, LiteLlmOptions liteLlm, ILogger<ExchangeRates> logger)
    {
        (_changes, _options, _logger) = (changes, options, logger);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = liteLlm.LiteLlmTimeout ?? TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = 1024 * 1024,
        };
    }

    /// <summary>Whether there is a key to ask with.</summary>
    public bool IsConfigured => _options.ExchangeRateApiKey is not null;

    /// <summary>Reads and stores; a currency that the source does not know is passed over.</summary>
    /// <returns>How many rates were stored, or why none.</returns>
    public async Task<(int Updated, ApiError? Refusal)> UpdateAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (_options.ExchangeRateApiKey is not { } key)
        {
            return (0, ApiError.ExchangeRateKeyMissing);
        }
        var perUsd = await ReadAsync(key, cancellationToken);
        await using var change = await _changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        var currencies = await change.Db.Currencies.Where(c => c.Id != "USD").Select(c => c.Id).ToListAsync(cancellationToken);
        var standing = (await change.Db.ExchangeRates.ToListAsync(cancellationToken)).ToDictionary(r => (r.FromCurrency, r.ToCurrency));
        var updated = 0;
        foreach (var currency in currencies)
        {
            if (perUsd is null || !perUsd.TryGetValue(currency, out var rate) || rate <= 0 || rate > HighestRate)
            {
                Log.Missing(_logger, currency);
                continue;
            }
            Put("USD", currency, rate);
            Put(currency, "USD", Math.Max(1 / rate, 0.0000000001m));
            updated += 2;
        }
        if (updated == 0)
        {
            return (0, ApiError.Upstream);
        }
        change.AuditEvent("exchange_rates.updated", "exchange_rate", "*", new Dictionary<string, object?> { ["updated"] = updated });
        await change.CommitAsync(cancellationToken);
        return (updated, null);

        void Put(string from, string to, decimal rate)
        {
            if (!standing.TryGetValue((from, to), out var row))
            {
                row = new ExchangeRate
                {
                    Id = Guid.CreateVersion7().ToString(),
                    FromCurrency = from,
                    ToCurrency = to,
                };
                change.Db.ExchangeRates.Add(row);
            }
            (row.Rate, row.UpdatedAt) = (decimal.Round(rate, Digits), change.Now);
        }
    }

    /// <summary>The rate of a pair: direct, else over USD; null when neither is known.</summary>
    public static async Task<decimal?> FindAsync(HubDbContext db, string from, string to, CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return await db.Currencies.AnyAsync(c => c.Id == from, cancellationToken) ? 1 : null;
        }
        var rates = await db
            .ExchangeRates.AsNoTracking()
            .Where(r =>
                (r.FromCurrency == from && (r.ToCurrency == to || r.ToCurrency == "USD")) || (r.FromCurrency == "USD" && r.ToCurrency == to)
            )
            .ToListAsync(cancellationToken);
        return Of(from, to) ?? (Of(from, "USD") is { } first && Of("USD", to) is { } second ? decimal.Round(first * second, Digits) : null);

        decimal? Of(string a, string b) => rates.FirstOrDefault(r => r.FromCurrency == a && r.ToCurrency == b)?.Rate;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Dictionary<string, decimal>?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(
                new Uri($"{_options.ExchangeRateBaseUrl.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(key)}/latest/USD"),
                cancellationToken
            );
            var root = JsonElement.Parse(UpstreamJson.Mend(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
            if (
                response.IsSuccessStatusCode
                && LiteLlm.LiteLlmJson.Text(root, "result") == "success"
                && LiteLlm.LiteLlmJson.Child(root, "conversion_rates") is { ValueKind: JsonValueKind.Object } rates
            )
            {
                return rates
                    .EnumerateObject()
                    .Where(r => r.Value.ValueKind == JsonValueKind.Number && r.Value.TryGetDecimal(out _))
                    .DistinctBy(r => r.Name)
                    .ToDictionary(r => r.Name, r => r.Value.GetDecimal());
            }
            Log.Refused(_logger, (int)response.StatusCode);
        }
        catch (Exception fault)
            when (fault is HttpRequestException or JsonException
                || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            Log.Unreachable(_logger, fault.GetType().Name); // the address holds the key: no message of the fault
        }
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The exchange rate of {Currency} is not known upstream.")]
        public static partial void Missing(ILogger logger, string currency);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The source of exchange rates answered {Status} without rates.")]
        public static partial void Refused(ILogger logger, int status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The source of exchange rates could not be read: {Reason}.")]
        public static partial void Unreachable(ILogger logger, string reason);
    }
}
