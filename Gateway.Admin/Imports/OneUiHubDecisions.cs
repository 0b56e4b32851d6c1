using System.Text.Json;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Quotas;
using Gateway.Admin.Usage;
using Gateway.Core.Accounts;
using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Imports;

/// <summary>
/// Takes over what people decided in the original system: tiers, companies, models, users, keys, limits, budgets, currencies. What stands
/// here under the same name stays as it is, and rows of the source that refer to it refer to it here.
/// </summary>
internal sealed class OneUiHubDecisions(Change change, OneUiHubSource source, IReadOnlyList<string> tables, AccountOptions options)
{
    /// <summary>A hash that no password has: its user needs a new password from an admin.</summary>
    private const string NoPassword = "!imported";

    private const int LongestId = 36;
    private const string Deleted = "it was deleted";
    private const string NoOwner = "its user was not taken over";

    private readonly Dictionary<string, string> _tiers = [];
    private readonly Dictionary<string, string> _companies = [];
    private readonly Dictionary<string, (string Id, string Name)> _models = [];

    /// <summary>The tables that are known: those that are taken over, and those whose content stands in others here.</summary>
    public static IReadOnlyList<string> KnownTables { get; } =
    [
        "tiers",
        "companies",
        "models",
        "model_configs",
        "users",
        "user_limits",
        "user_spendings",
        "api_keys",
        "rate_limits",
        "budgets",
        "currencies",
        "exchange_rates",
        "requests",
        "settings",
        "migrations",
    ];

    /// <summary>What became of each table.</summary>
    public List<ImportedTable> Tables { get; } = [];

    /// <summary>What is not the same here.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Who pays here, by the source's user.</summary>
    public Dictionary<string, Payer> Payers { get; } = [];

    /// <summary>Takes over all of it, in the change's transaction.</summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        await EachAsync("tiers", AddTierAsync, cancellationToken);
        await EachAsync("companies", AddCompanyAsync, cancellationToken);
        await EachAsync("models", AddModelAsync, cancellationToken);
        await EachAsync("model_configs", AddModelConfigAsync, cancellationToken);
        var limits = await ByUserAsync("user_limits", cancellationToken);
        var spendings = await ByUserAsync("user_spendings", cancellationToken);
        await EachAsync("users", (row, table, token) => AddUserAsync(row, limits, spendings, table, token), cancellationToken);
        await EachAsync("api_keys", AddKeyAsync, cancellationToken);
        await EachAsync("rate_limits", AddRateLimitAsync, cancellationToken);
        await EachAsync("budgets", AddBudgetAsync, cancellationToken);
        await EachAsync("currencies", AddCurrencyAsync, cancellationToken);
        await EachAsync("exchange_rates", AddExchangeRateAsync, cancellationToken);
        Notes.Add("Times are taken as UTC.");
        if (tables.Contains("settings"))
        {
            Notes.Add("Settings are left out: this gateway has others. See GET /api/v1/admin/settings.");
        }
    }

    /// <summary>A table of the report.</summary>
    public ImportedTable NewTable(string name)
    {
        var table = new ImportedTable(name);
        Tables.Add(table);
        return table;
    }

    /// <summary>The model here, by the source's id. A call of a model that is no more keeps the source's id.</summary>
    public (string Id, string Name) ModelOf(string? id) =>
        id is null ? ("", "")
        : _models.TryGetValue(id, out var model) ? model
        : (id[..Math.Min(id.Length, LongestId)], id);

    private async Task EachAsync(
        string name,
        Func<SourceRow, ImportedTable, CancellationToken, Task> add,
        CancellationToken cancellationToken
    )
    {
        if (!tables.Contains(name))
        {
            return;
        }
        var table = NewTable(name);
        foreach (var row in await source.ReadAsync(name, cancellationToken))
        {
            table.Count();
            await add(row, table, cancellationToken);
            await change.Db.SaveChangesAsync(cancellationToken);
        }
        change.Db.ChangeTracker.Clear();
    }

    private async Task<Dictionary<string, SourceRow>> ByUserAsync(string table, CancellationToken cancellationToken) =>
        tables.Contains(table)
            ? (await source.ReadAsync(table, cancellationToken))
                .DistinctBy(r => r.Text("user_id"))
                .ToDictionary(r => r.Text("user_id") ?? "")
            : [];

    private async Task AddTierAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var name = row.Text("name", 100) ?? row.Id;
        var key = name.ToLowerInvariant();
        if (await change.Db.Tiers.FirstOrDefaultAsync(t => t.NameKey == key || t.Id == row.Id, cancellationToken) is { } standing)
        {
            _tiers[row.Id] = standing.Id;
            table.AlreadyThere++;
            return;
        }
        var at = row.Time("created_at") ?? change.Now;
        change.Db.Tiers.Add(
            new Tier
            {
                Id = IdOf(row),
                Name = name,
                NameKey = key,
                Description = row.Text("description"),
                IsFree = row.Flag("is_free"),
                PriceNanoUsd = Amount(row, "price"),
                CreatedAt = at,
                UpdatedAt = change.Now,
            }
        );
        _tiers[row.Id] = IdOf(row);
        table.Created++;
        change.Touch(ChangedEntities.Tier, "*");
    }

    private async Task AddCompanyAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var (name, external) = (row.Text("name", 255) ?? row.Id, row.Text("external_id", 255));
        var standing = await change.Db.Companies.FirstOrDefaultAsync(
            c => c.Id == row.Id || c.ExternalId == (external ?? "") || c.Name == name,
            cancellationToken
        );
        _companies[row.Id] = standing?.Id ?? IdOf(row);
        if (standing is not null)
        {
            table.AlreadyThere++;
            return;
        }
        change.Db.Companies.Add(
            new Company
            {
                Id = IdOf(row),
                Name = name,
                LogoUrl = row.Text("logo_url", 2048),
                Description = row.Text("description"),
                ExternalId = external,
                CreatedAt = row.Time("created_at") ?? change.Now,
                UpdatedAt = change.Now,
            }
        );
        table.Created++;
        change.Touch(ChangedEntities.Company, "*");
    }

    private async Task AddModelAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var (name, external) = (row.Text("name", 255) ?? row.Id, row.Text("external_id", 255));
        var standing = await change.Db.Models.FirstOrDefaultAsync(
            m => m.Id == row.Id || m.ExternalId == (external ?? "") || (external == null && m.Name == name),
            cancellationToken
        );
        _models[row.Id] = (standing?.Id ?? IdOf(row), name); // its calls are of it also when it is not taken over
        if (standing is not null)
        {
            table.AlreadyThere++;
            return;
        }
        if (row.IsDeleted)
        {
            table.Leave(Deleted, row.Id);
            return;
        }
        if (row.Text("company_id") is not { } company || !_companies.TryGetValue(company, out var companyId))
        {
            table.Leave("its company was not taken over", row.Id);
            return;
        }
        change.Db.Models.Add(
            new CatalogModel
            {
                Id = IdOf(row),
                CompanyId = companyId,
                Name = name,
                Description = row.Text("description"),
                Features = row.Text("features"),
                ExternalId = external,
                Providers = ListOf(row, "providers"),
                SupportedOpenAiParams = ListOf(row, "supported_openai_params"),
                MaxInputTokens = row.Number("max_input_tokens"),
                MaxOutputTokens = row.Number("max_output_tokens"),
                Mode = row.Text("mode", 50) ?? "chat",
                SupportsVision = row.Flag("supports_vision"),
                SupportsFunctionCalling = row.Flag("supports_function_calling"),
                SupportsParallelFunctionCalling = row.Flag("supports_parallel_function_calling"),
                SupportsWebSearch = row.Flag("supports_web_search"),
                SupportsReasoning = row.Flag("supports_reasoning"),
                CreatedAt = row.Time("created_at") ?? change.Now,
                UpdatedAt = change.Now,
            }
        );
        table.Created++;
        change.Touch(ChangedEntities.Model, "*");
    }

    private async Task AddModelConfigAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var modelId = ModelOf(row.Text("model_id")).Id;
        if (await change.Db.ModelConfigs.AnyAsync(c => c.ModelId == modelId || c.Id == row.Id, cancellationToken))
        {
            table.AlreadyThere++;
            return;
        }
        if (row.IsDeleted || !await change.Db.Models.AnyAsync(m => m.Id == modelId, cancellationToken))
        {
            table.Leave(row.IsDeleted ? Deleted : "its model was not taken over", row.Id);
            return;
        }
        if (row.Decimal("input_token_cost") is > 0 || row.Decimal("output_token_cost") is > 0)
        {
            NoteOnce(
                "Prices are left out: the original rounds them to a millionth of a dollar a token, which is more than many models cost. "
                    + "They come from LiteLLM at the next sync of models; set what it does not know."
            );
        }
        change.Db.ModelConfigs.Add(
            new ModelConfig
            {
                Id = IdOf(row),
                ModelId = modelId,
                IsFree = row.Flag("is_free"),
                IsEnabled = row.Flag("is_enabled", missing: true),
                PriceSource = PriceSources.LiteLlm,
                CreatedAt = row.Time("created_at") ?? change.Now,
                UpdatedAt = change.Now,
            }
        );
        table.Created++;
    }

    private async Task AddUserAsync(
        SourceRow row,
        Dictionary<string, SourceRow> limits,
        Dictionary<string, SourceRow> spendings,
        ImportedTable table,
        CancellationToken cancellationToken
    )
    {
        var email = row.Text("email")?.ToLowerInvariant();
        var standing = await change.Db.Users.FirstOrDefaultAsync(u => u.Id == row.Id || u.Email == (email ?? ""), cancellationToken);
        if (standing is not null)
        {
            Payers[row.Id] = new Payer(standing.Id, null, standing.TeamId, standing.TierId, BillingModes.Postpaid);
            table.AlreadyThere++;
            return;
        }
        if (row.IsDeleted || email is not { Length: <= 255 } || !_tiers.TryGetValue(row.Text("tier_id") ?? "", out var tierId))
        {
            table.Leave(row.IsDeleted ? Deleted : "it has no email, or no tier", row.Id);
            return;
        }
        var limit = limits.GetValueOrDefault(row.Id);
        var user = new User
        {
            Id = IdOf(row),
            Email = email,
            Username = await Usernames.FindFreeAsync(change.Db, email, cancellationToken),
            UsernameKey = "",
            Name = row.Text("name", 255),
            PasswordHash = PasswordOf(row),
            Role = row.Text("role") is { } role && Roles.All.Contains(role) ? role : Roles.Customer,
            TierId = tierId,
            IsActive = row.Flag("is_active", missing: true),
            IsVerified = row.Flag("is_verified"),
            FreeTierStatus = FreeTierStatuses.Approved,
            MonthlyTokenLimit = limit?.Number("monthly_token_limit") is { } tokens and >= 0 ? tokens : null,
            CreatedAt = row.Time("created_at") ?? change.Now,
            UpdatedAt = change.Now,
        };
        user.UsernameKey = user.Username.ToLowerInvariant();
        change.Db.Users.Add(user);
        AddBalance(user.Id, limit);
        if (spendings.GetValueOrDefault(row.Id)?.Decimal("total_spent") is > 0)
        {
            NoteOnce("What a user spent in all is added up from the calls that are taken over; the original's own figure is left out.");
        }
        Payers[row.Id] = new Payer(user.Id, null, null, tierId, BillingModes.Postpaid); // history is paid for
        table.Created++;
        change.Touch(ChangedEntities.User, user.Id);
    }

    private string PasswordOf(SourceRow row)
    {
        if (BcryptHash.TryParse(row.Text("password_hash")) is { } hash && hash.Cost <= options.BcryptMaxCost)
        {
            return hash.Text;
        }
        Notes.Add(
            $"The password of the user {row.Text("email")} cannot be kept: it is not hashed with bcrypt, or with more work than "
                + "BCRYPT_MAX_COST. An admin must set a new one."
        );
        return NoPassword;
    }

    private void AddBalance(string userId, SourceRow? limit)
    {
        var balance = limit?.Decimal("balance") is { } usd and > 0 ? Money.FromUsd(usd) : Money.Zero;
        if (balance == Money.Zero)
        {
            return;
        }
        change.Db.UserAccounts.Add(
            new UserAccount
            {
                UserId = userId,
                BalanceNanoUsd = balance.NanoUsd,
                UpdatedAt = change.Now,
            }
        );
        change.Db.Transactions.Add(
            new TransactionRow
            {
                Id = Guid.CreateVersion7().ToString(),
                UserId = userId,
                Type = TransactionTypes.Deposit,
                AmountNanoUsd = balance.NanoUsd,
                Status = TransactionStatuses.Completed,
                Description = "Balance taken over from OneUIHub",
                BalanceAfterNanoUsd = balance.NanoUsd,
                CreatedAt = change.Now,
                CompletedAt = change.Now,
            }
        );
    }

    private async Task AddKeyAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var hash = row.Text("key_hash")?.ToLowerInvariant() ?? "";
        if (row.IsDeleted || !Payers.TryGetValue(row.Text("user_id") ?? "", out var payer))
        {
            table.Leave(row.IsDeleted ? Deleted : NoOwner, row.Id);
            return;
        }
        if (!ImportedKey.IsHash(hash))
        {
            table.Leave("its hash is not a SHA-256: the key cannot be recognised, its owner must make a new one", row.Id);
            return;
        }
        var publicId = ImportedKey.PublicIdOf(hash);
        if (await change.Db.ApiKeys.AnyAsync(k => k.Id == row.Id || k.PublicId == publicId, cancellationToken))
        {
            table.AlreadyThere++;
            return;
        }
        var key = new ApiKey
        {
            Id = IdOf(row),
            UserId = payer.UserId,
            Name = row.Text("name", 255) ?? "imported",
            PublicId = publicId,
            SecretHash = hash,
            Preview = row.Text("api_key_preview", 20) ?? "sk-...",
            ExternalId = row.Text("external_id", 255),
            ExpiresAt = row.Time("expires_at"),
            IsActive = row.Flag("is_active", missing: true),
            CreatedAt = row.Time("created_at") ?? change.Now,
            UpdatedAt = change.Now,
        };
        change.Db.ApiKeys.Add(key);
        table.Created++;
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
    }

    private async Task AddRateLimitAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var modelId = ModelOf(row.Text("model_id")).Id;
        if (
            row.IsDeleted
            || !_tiers.TryGetValue(row.Text("tier_id") ?? "", out var tierId)
            || !await change.Db.Models.AnyAsync(m => m.Id == modelId, cancellationToken)
        )
        {
            table.Leave(row.IsDeleted ? Deleted : "its tier or its model was not taken over", row.Id);
            return;
        }
        var scope = new QuotaTarget(QuotaScope.TierModel, tierId, modelId).Key;
        if (await change.Db.RateLimits.AnyAsync(l => l.Id == row.Id || l.ScopeKey == scope, cancellationToken))
        {
            table.AlreadyThere++;
            return;
        }
        change.Db.RateLimits.Add(
            new RateLimitRow
            {
                Id = IdOf(row),
                TierId = tierId,
                ModelId = modelId,
                ScopeKey = scope,
                RequestsPerMinute = RateOf(row, "requests_per_minute"),
                RequestsPerDay = RateOf(row, "requests_per_day"),
                TokensPerMinute = RateOf(row, "tokens_per_minute"),
                TokensPerDay = RateOf(row, "tokens_per_day"),
                Mode = QuotaMode.Enforce.ToName(),
                CreatedAt = row.Time("created_at") ?? change.Now,
                UpdatedAt = change.Now,
            }
        );
        table.Created++;
        change.Touch(ChangedEntities.RateLimit, "*");
    }

    private async Task AddBudgetAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var external = row.Text("external_id", 255);
        if (await change.Db.Budgets.AnyAsync(b => b.Id == row.Id || b.ExternalId == (external ?? ""), cancellationToken))
        {
            table.AlreadyThere++;
            return;
        }
        var at = row.Time("created_at") ?? change.Now;
        var reason =
            row.IsDeleted ? Deleted
            : row.Text("user_id") is not { } user ? "it is a team's or nobody's: the original has no teams"
            : !Payers.ContainsKey(user) ? NoOwner
            : Amount(row, "max_budget") <= 0 ? "it caps nothing"
            : !BudgetPeriod.TryParse(row.Text("budget_duration", 50), null, at, out _) ? "its period is not known here"
            : null;
        if (reason is not null)
        {
            table.Leave(reason, row.Id);
            return;
        }
        change.Db.Budgets.Add(
            new BudgetRow
            {
                Id = IdOf(row),
                UserId = Payers[row.Text("user_id")!].UserId,
                MaxBudgetNanoUsd = Amount(row, "max_budget"),
                BudgetDuration = row.Text("budget_duration", 50),
                ResetAnchor = row.Time("reset_at"),
                ExternalId = external,
                Source = external is null ? BudgetSources.Admin : BudgetSources.LiteLlm,
                Mode = QuotaMode.Enforce.ToName(),
                CreatedAt = at,
                UpdatedAt = change.Now,
            }
        );
        NoteOnce("What is spent of a budget is added up from the calls that are taken over; the original's own figure is left out.");
        table.Created++;
        change.Touch(ChangedEntities.Budget, "*");
    }

    private async Task AddCurrencyAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        if (row.Id.Length != 3)
        {
            table.Leave("its id is not one of three letters", row.Id);
        }
        else if (await change.Db.Currencies.AnyAsync(c => c.Id == row.Id, cancellationToken))
        {
            table.AlreadyThere++;
        }
        else
        {
            change.Db.Currencies.Add(
                new Currency
                {
                    Id = row.Id,
                    Name = row.Text("name", 100) ?? row.Id,
                    Symbol = row.Text("symbol", 10) ?? row.Id,
                }
            );
            table.Created++;
        }
    }

    private async Task AddExchangeRateAsync(SourceRow row, ImportedTable table, CancellationToken cancellationToken)
    {
        var (from, to) = (row.Text("from_currency", 3) ?? "", row.Text("to_currency", 3) ?? "");
        if (
            row.IsDeleted
            || !(row.Decimal("rate") > 0)
            || await change.Db.Currencies.CountAsync(c => c.Id == from || c.Id == to, cancellationToken) < 2
        )
        {
            table.Leave(row.IsDeleted ? Deleted : "it has no rate, or no two currencies", row.Id);
            return;
        }
        if (
            await change.Db.ExchangeRates.AnyAsync(r => r.Id == row.Id || (r.FromCurrency == from && r.ToCurrency == to), cancellationToken)
        )
        {
            table.AlreadyThere++;
            return;
        }
        change.Db.ExchangeRates.Add(
            new ExchangeRate
            {
                Id = IdOf(row),
                FromCurrency = from,
                ToCurrency = to,
                Rate = row.Decimal("rate")!.Value,
                UpdatedAt = row.Time("updated_at") ?? change.Now,
            }
        );
        table.Created++;
    }

    private void NoteOnce(string note)
    {
        if (!Notes.Contains(note))
        {
            Notes.Add(note);
        }
    }

    // Ids stay, so that a second run finds the rows; one that does not fit is cut.
    private static string IdOf(SourceRow row) => row.Id[..Math.Min(row.Id.Length, LongestId)];

    private static long Amount(SourceRow row, string column) => Money.FromUsd(row.Decimal(column) ?? 0).NanoUsd;

    private static long RateOf(SourceRow row, string column) => row.Number(column) is { } rate and >= 0 ? rate : 0;

    // A text of JSON in the source.
    private static List<string> ListOf(SourceRow row, string column)
    {
        try
        {
            return row.Text(column) is { } text ? JsonSerializer.Deserialize<List<string>>(text) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
