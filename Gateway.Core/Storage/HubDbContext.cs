using System.Text;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Gateway.Core.Storage;

/// <summary>
/// The one schema of every provider. Names are snake_case; times are UTC and rounded down to microseconds; lists are JSON text; money is
/// BIGINT. Each table has one writer: decisions by Admin, traffic's facts by Gateway.
/// </summary>
public sealed class HubDbContext(DbContextOptions<HubDbContext> options) : DbContext(options)
{
    /// <summary>People and services.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Money facts of users; written by traffic.</summary>
    public DbSet<UserAccount> UserAccounts => Set<UserAccount>();

    /// <summary>Money that people moved.</summary>
    public DbSet<TransactionRow> Transactions => Set<TransactionRow>();

    /// <summary>Currencies that amounts may be shown in.</summary>
    public DbSet<Currency> Currencies => Set<Currency>();

    /// <summary>Rates between them.</summary>
    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();

    /// <summary>Credentials of machines for management.</summary>
    public DbSet<AccessToken> MachineTokens => Set<AccessToken>();

    /// <summary>Sign-ins.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Refresh tokens of sign-ins.</summary>
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    /// <summary>Accounts by another issuer's subjects; written by both, at a token's first use.</summary>
    public DbSet<ExternalIdentity> ExternalIdentities => Set<ExternalIdentity>();

    /// <summary>Companies of users.</summary>
    public DbSet<Team> Teams => Set<Team>();

    /// <summary>Levels of service.</summary>
    public DbSet<Tier> Tiers => Set<Tier>();

    /// <summary>Makers of models.</summary>
    public DbSet<Company> Companies => Set<Company>();

    /// <summary>Models.</summary>
    public DbSet<CatalogModel> Models => Set<CatalogModel>();

    /// <summary>Switches of models.</summary>
    public DbSet<ModelConfig> ModelConfigs => Set<ModelConfig>();

    /// <summary>Prices of models, a row per rate.</summary>
    public DbSet<ModelRate> ModelRates => Set<ModelRate>();

    /// <summary>What is left of deleted rows.</summary>
    public DbSet<Tombstone> Tombstones => Set<Tombstone>();

    /// <summary>Keys of <c>/v1</c>.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>What traffic did with keys; written by traffic.</summary>
    public DbSet<ApiKeyUsage> ApiKeyUsage => Set<ApiKeyUsage>();

    /// <summary>Rates.</summary>
    public DbSet<RateLimitRow> RateLimits => Set<RateLimitRow>();

    /// <summary>Caps on money.</summary>
    public DbSet<BudgetRow> Budgets => Set<BudgetRow>();

    /// <summary>What was spent of budget windows; written by traffic.</summary>
    public DbSet<BudgetSpend> BudgetSpend => Set<BudgetSpend>();

    /// <summary>What operators want to know; written by traffic and management, append only.</summary>
    public DbSet<EventRow> Events => Set<EventRow>();

    /// <summary>The ledger; written by traffic.</summary>
    public DbSet<UsageRecord> UsageRecords => Set<UsageRecord>();

    /// <summary>Settled calls that the ledger does not take; written by traffic.</summary>
    public DbSet<SetAsideRecord> SetAsideRecords => Set<SetAsideRecord>();

    /// <summary>Prompts and answers, where they are kept.</summary>
    public DbSet<RequestContent> RequestContents => Set<RequestContent>();

    /// <summary>How far the retention has come.</summary>
    public DbSet<LedgerHorizon> LedgerHorizons => Set<LedgerHorizon>();

    /// <summary>Sums per hour; written by traffic.</summary>
    public DbSet<HourlyUsage> HourlyUsage => Set<HourlyUsage>();

    /// <summary>Sums per day; written by traffic.</summary>
    public DbSet<DailyUsage> DailyUsage => Set<DailyUsage>();

    /// <summary>Sums in less detail; written by traffic.</summary>
    public DbSet<UsageTotals> UsageTotals => Set<UsageTotals>();

    /// <summary>How long lists are, by day; written with their rows.</summary>
    public DbSet<RowCount> RowCounts => Set<RowCount>();

    /// <summary>The newest revision.</summary>
    public DbSet<PolicyRevision> PolicyRevisions => Set<PolicyRevision>();

    /// <summary>What each revision touched.</summary>
    public DbSet<ChangeLogEntry> ChangeLog => Set<ChangeLogEntry>();

    /// <summary>Who did what.</summary>
    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    /// <summary>Values that admins may change.</summary>
    public DbSet<Setting> Settings => Set<Setting>();

    /// <summary>Conversations of users with models.</summary>
    public DbSet<Chat> Chats => Set<Chat>();

    /// <summary>Their messages; written by traffic.</summary>
    public DbSet<ChatMessage> ChatMessages => Set<ChatMessage>();

    /// <summary>Answers that are being made; written by traffic.</summary>
    public DbSet<ChatTurn> ChatTurns => Set<ChatTurn>();

    /// <summary>Files of users.</summary>
    public DbSet<StoredFile> Files => Set<StoredFile>();

    /// <summary>Bytes of files that are in the database.</summary>
    public DbSet<StoredFilePart> FileParts => Set<StoredFilePart>();

    /// <summary>What users told of themselves.</summary>
    public DbSet<UserProfile> UserProfiles => Set<UserProfile>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<User>(e =>
        {
            e.ToTable("users");
            e.HasIndex(u => u.Email).IsUnique();
            e.HasIndex(u => u.UsernameKey).IsUnique();
            e.HasIndex(u => u.Phone).IsUnique();
            e.HasIndex(u => new { u.TierId, u.DeletedAt });
            e.HasIndex(u => new { u.TeamId, u.DeletedAt });
            e.HasIndex(u => new
                {
                    u.DeletedAt,
                    u.CreatedAt,
                    u.Id,
                    u.SearchKey,
                    u.Role,
                    u.TierId,
                    u.IsActive,
                    u.FreeTierStatus,
                })
                .HasDatabaseName("ix_users_list");
            e.HasIndex(u => new
                {
                    u.CreatedAt,
                    u.Id,
                    u.SearchKey,
                    u.Role,
                    u.TierId,
                    u.IsActive,
                    u.FreeTierStatus,
                })
                .HasFilter("deleted_at IS NULL")
                .HasDatabaseName("ix_users_newest");
            e.HasIndex(u => new
                {
                    u.SearchKey,
                    u.Role,
                    u.IsActive,
                    u.FreeTierStatus,
                })
                .HasFilter("deleted_at IS NULL")
                .HasDatabaseName("ix_users_search");
            e.HasIndex(u => new
                {
                    u.Role,
                    u.TierId,
                    u.IsActive,
                    u.FreeTierStatus,
                })
                .HasFilter("deleted_at IS NULL")
                .HasDatabaseName("ix_users_counts");
            e.HasOne<Tier>().WithMany().HasForeignKey(u => u.TierId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne<Team>().WithMany().HasForeignKey(u => u.TeamId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<UserAccount>(e =>
        {
            e.ToTable("user_accounts");
            e.HasKey(a => a.UserId);
            e.HasIndex(a => a.UpdatedAt);
        });
        model.Entity<TransactionRow>(e =>
        {
            e.ToTable("transactions");
            e.HasIndex(t => new
            {
                t.UserId,
                t.CreatedAt,
                t.Type,
                t.Status,
            });
            e.HasIndex(t => t.CreatedAt);
            e.HasIndex(t => new { t.Status, t.CreatedAt });
            e.HasIndex(t => new { t.Type, t.CreatedAt });
            e.HasIndex(t => new { t.PaymentProvider, t.PaymentId }).IsUnique();
        });
        model.Entity<Currency>().ToTable("currencies");
        model.Entity<ExchangeRate>(e =>
        {
            e.ToTable("exchange_rates");
            e.Property(r => r.Rate).HasPrecision(20, 10);
            e.HasIndex(r => new { r.FromCurrency, r.ToCurrency }).IsUnique();
        });
        model.Entity<AccessToken>(e =>
        {
            e.ToTable("access_tokens");
            e.HasIndex(t => t.PublicId).IsUnique();
        });
        model.Entity<Session>(e =>
        {
            e.ToTable("sessions");
            e.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<RefreshToken>(e =>
        {
            e.ToTable("refresh_tokens");
            e.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ExternalIdentity>(e =>
        {
            e.ToTable("external_identities");
            e.HasKey(i => new { i.Issuer, i.SubjectHash });
            e.HasOne<User>().WithMany().HasForeignKey(i => i.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<Team>().ToTable("teams");
        model.Entity<Tier>(e =>
        {
            e.ToTable("tiers");
            e.HasIndex(t => t.NameKey).IsUnique();
        });
        model.Entity<Company>(e =>
        {
            e.ToTable("companies");
            e.HasIndex(c => c.ExternalId).IsUnique();
        });
        model.Entity<CatalogModel>(e =>
        {
            e.ToTable("models");
            e.HasIndex(m => m.ExternalId).IsUnique();
            e.HasOne<Company>().WithMany().HasForeignKey(m => m.CompanyId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ModelConfig>(e =>
        {
            e.ToTable("model_configs");
            e.HasIndex(c => c.ModelId).IsUnique();
            e.HasOne<CatalogModel>().WithMany().HasForeignKey(c => c.ModelId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ModelRate>(e =>
        {
            e.ToTable("model_rates");
            e.HasKey(r => new { r.ModelId, r.RateKey });
            e.HasOne<CatalogModel>().WithMany().HasForeignKey(r => r.ModelId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ApiKey>(e =>
        {
            e.ToTable("api_keys");
            e.HasIndex(k => k.PublicId).IsUnique();
            e.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
            e.Property(k => k.AdminLimits)
                .HasConversion(
                    limits => JsonSerializer.Serialize(limits, JsonSerializerOptions.Default),
                    text => JsonSerializer.Deserialize<ApiKeyLimits>(text, JsonSerializerOptions.Default)
                );
        });
        model.Entity<ApiKeyUsage>(e =>
        {
            e.ToTable("api_key_usage");
            e.HasKey(u => new { u.ApiKeyId, u.ModelId });
        });
        model.Entity<RateLimitRow>(e =>
        {
            e.ToTable("rate_limits");
            e.HasIndex(l => l.ScopeKey).IsUnique();
            e.HasIndex(l => l.UserId);
            e.HasIndex(l => l.TeamId);
            e.HasIndex(l => l.ApiKeyId);
            e.HasIndex(l => l.ModelId);
            e.HasIndex(l => new
                {
                    l.CreatedAt,
                    l.Id,
                    l.TierId,
                    l.UserId,
                    l.TeamId,
                    l.ApiKeyId,
                })
                .HasDatabaseName("ix_rate_limits_list");
            e.HasOne<Tier>().WithMany().HasForeignKey(l => l.TierId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<CatalogModel>().WithMany().HasForeignKey(l => l.ModelId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<BudgetRow>(e =>
        {
            e.ToTable("budgets");
            e.HasIndex(b => new
                {
                    b.CreatedAt,
                    b.Id,
                    b.TierId,
                    b.UserId,
                    b.TeamId,
                    b.ApiKeyId,
                })
                .HasDatabaseName("ix_budgets_list");
            e.HasIndex(b => b.UserId);
            e.HasIndex(b => b.TeamId);
            e.HasIndex(b => b.ApiKeyId);
            e.HasIndex(b => b.TierId);
            e.HasIndex(b => b.ModelId);
            e.HasIndex(b => b.ExternalId).IsUnique();
        });
        model.Entity<BudgetSpend>(e =>
        {
            e.ToTable("budget_spend");
            e.HasKey(s => new
            {
                s.BudgetId,
                s.WindowStart,
                s.SubjectId,
            });
        });
        model.Entity<EventRow>(e =>
        {
            e.ToTable("events");
            e.HasIndex(v => v.DedupeKey).IsUnique();
            e.HasIndex(v => v.CreatedAt);
            e.HasIndex(v => new { v.Type, v.CreatedAt });
            e.HasIndex(v => new { v.Scope, v.CreatedAt });
            e.HasIndex(v => new { v.ScopeId, v.CreatedAt });
            e.HasIndex(v => v.NextDeliveryAt);
        });
        model.Entity<UsageRecord>(e =>
        {
            e.ToTable("usage_records");
            e.Ignore(r => r.Charges);
            e.Ignore(r => r.IsBalanceHeld);
            e.HasIndex(r => new { r.TeamId, r.AdmittedAt }).HasFilter("team_id IS NOT NULL");
            e.HasIndex(r => new
            {
                r.UserId,
                r.AdmittedAt,
                r.CorrectsId,
            });
            e.HasIndex(r => new { r.ApiKeyId, r.AdmittedAt });
            e.HasIndex(r => new
            {
                r.ModelId,
                r.AdmittedAt,
                r.CorrectsId,
            });
            e.HasIndex(r => new { r.AdmittedAt, r.CorrectsId });
            e.HasIndex(r => new { r.AdmittedAt, r.TotalCostNanoUsd }).HasFilter("is_prepaid").HasDatabaseName("ix_usage_records_prepaid");
            e.HasIndex(r => r.CorrectsId).IsUnique().HasFilter("corrects_id IS NOT NULL");
            e.HasIndex(r => r.AdmittedAt, "ix_usage_records_bound").HasFilter("usage_source = 'bound'");
        });
        model.Entity<RequestContent>(e =>
        {
            e.ToTable("request_contents");
            e.HasIndex(c => c.CreatedAt);
        });
        MapRollup(model.Entity<HourlyUsage>(), "usage_hourly");
        MapRollup(model.Entity<DailyUsage>(), "usage_daily");
        model.Entity<DailyUsage>().HasIndex(r => new { r.TeamId, r.BucketStart });
        model.Entity<UsageTotals>(e =>
        {
            e.ToTable("usage_totals");
            e.HasKey(t => new
            {
                t.Grain,
                t.UserId,
                t.BucketStart,
                t.TeamId,
                t.ModelId,
                t.TierId,
            });
        });
        model.Entity<SetAsideRecord>(e => e.ToTable("set_aside_records"));
        model.Entity<LedgerHorizon>(e =>
        {
            e.ToTable("ledger_horizon");
            e.Property(h => h.Id).ValueGeneratedNever();
        });
        model.Entity<RowCount>(e =>
        {
            e.ToTable("row_counts");
            e.HasKey(c => new
            {
                c.List,
                c.Day,
                c.Kind,
                c.Detail,
            });
        });
        model.Entity<PolicyRevision>(e =>
        {
            e.ToTable("policy_revision");
            e.Property(r => r.Id).ValueGeneratedNever();
        });
        model.Entity<ChangeLogEntry>(e =>
        {
            e.ToTable("change_log");
            e.HasKey(c => c.Revision);
            e.Property(c => c.Revision).ValueGeneratedNever();
        });
        model.Entity<AuditEntry>(e =>
        {
            e.ToTable("audit_log");
            e.HasIndex(a => a.CreatedAt);
            e.HasIndex(a => new { a.ActorId, a.CreatedAt });
            e.HasIndex(a => new
            {
                a.Action,
                a.CreatedAt,
                a.EntityType,
            });
            e.HasIndex(a => new { a.EntityId, a.CreatedAt });
            e.HasIndex(a => new { a.EntityType, a.CreatedAt });
        });
        model.Entity<Tombstone>(e =>
        {
            e.ToTable("tombstones");
            e.HasKey(t => new { t.EntityType, t.EntityId });
        });
        model.Entity<Setting>(e =>
        {
            e.ToTable("settings");
            e.HasIndex(s => s.Key).IsUnique();
        });

        model.ApplyConfigurationsFromAssembly(typeof(HubDbContext).Assembly);
        foreach (var property in model.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
            ConvertTimesAndLists(property);
        }
    }

    private static void MapRollup<T>(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<T> rollup, string table)
        where T : UsageRollup
    {
        rollup.ToTable(table);
        rollup.HasKey(r => new
        {
            r.BucketStart,
            r.UserId,
            r.ApiKeyId,
            r.ModelId,
            r.TeamId,
            r.TierId,
        });
        rollup.HasIndex(r => new { r.UserId, r.BucketStart });
        rollup.HasIndex(r => new { r.ApiKeyId, r.BucketStart });
    }

    private static void ConvertTimesAndLists(IMutableProperty property)
    {
        if (property.ClrType == typeof(DateTime))
        {
            property.SetValueConverter(
                new ValueConverter<DateTime, DateTime>(t => UtcTime.ToStored(t), t => DateTime.SpecifyKind(t, DateTimeKind.Utc))
            );
        }
        else if (property.ClrType == typeof(DateTime?))
        {
            property.SetValueConverter(
                new ValueConverter<DateTime?, DateTime?>(
                    t => t == null ? null : UtcTime.ToStored(t.Value),
                    t => t == null ? null : DateTime.SpecifyKind(t.Value, DateTimeKind.Utc)
                )
            );
        }
        else if (property.ClrType == typeof(List<string>))
        {
            property.SetValueConverter(
                new ValueConverter<List<string>, string>(
                    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                    text => JsonSerializer.Deserialize<List<string>>(text, JsonSerializerOptions.Default) ?? new List<string>()
                )
            );
            property.SetValueComparer(
                new ValueComparer<List<string>>(
                    (a, b) => a!.SequenceEqual(b!),
                    list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
                    list => list.ToList()
                )
            );
        }
    }

    // "InputTokens" is input_tokens, "CacheWrite1hTokens" is cache_write1h_tokens, "TotalCostNanoUsd" is total_cost_nano_usd.
    internal static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
