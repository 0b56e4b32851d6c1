using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Mapping;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage;

/// <summary>
/// The one schema of every provider. The classes in <c>Storage/Mapping</c> map its tables, one for each aggregate. Money is BIGINT. Each
/// table has one writer: decisions by Admin, traffic's facts by Gateway.
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
    public DbSet<MachineToken> MachineTokens => Set<MachineToken>();

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

    /// <summary>Where calls may go.</summary>
    public DbSet<UpstreamRow> Upstreams => Set<UpstreamRow>();

    /// <summary>The models that stand there.</summary>
    public DbSet<UpstreamModelRow> UpstreamModels => Set<UpstreamModelRow>();

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

    /// <summary>The ledger as it is stored; written by traffic.</summary>
    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();

    /// <summary>What many calls have in common; written by traffic.</summary>
    public DbSet<LedgerTraits> LedgerTraits => Set<LedgerTraits>();

    /// <summary>The numbers of ids in the ledger and its sums; written by traffic.</summary>
    public DbSet<LedgerName> LedgerNames => Set<LedgerName>();

    /// <summary>The ledger in words. See <see cref="Storage.LedgerEntries.RecordsOf"/>.</summary>
    public IQueryable<UsageRecord> UsageRecords => this.RecordsOf(LedgerEntries);

    /// <summary>Ended calls that the ledger does not take; written by traffic.</summary>
    public DbSet<SetAsideRecord> SetAsideRecords => Set<SetAsideRecord>();

    /// <summary>Calls that go on in the background.</summary>
    public DbSet<BackgroundCall> BackgroundCalls => Set<BackgroundCall>();

    /// <summary>What upstreams keep for users; written by traffic.</summary>
    public DbSet<KeptObject> KeptObjects => Set<KeptObject>();

    /// <summary>What files for batches can cost; written by traffic.</summary>
    public DbSet<BatchFile> BatchFiles => Set<BatchFile>();

    /// <summary>Batches that are not settled; written by traffic.</summary>
    public DbSet<BatchCall> BatchCalls => Set<BatchCall>();

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

    /// <summary>Sums per day of tags and end users; written by traffic.</summary>
    public DbSet<UsageByLabel> UsageByLabel => Set<UsageByLabel>();

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

    /// <summary>Nodes that make answers of chats.</summary>
    public DbSet<TrafficNode> TrafficNodes => Set<TrafficNode>();

    /// <summary>What nodes tell one another of their windows.</summary>
    public DbSet<WindowShare> WindowShares => Set<WindowShare>();

    /// <summary>Files of users.</summary>
    public DbSet<StoredFile> Files => Set<StoredFile>();

    /// <summary>Bytes of files that are in the database.</summary>
    public DbSet<StoredFilePart> FileParts => Set<StoredFilePart>();

    /// <summary>What users told of themselves.</summary>
    public DbSet<UserProfile> UserProfiles => Set<UserProfile>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.ApplyConfigurationsFromAssembly(typeof(HubDbContext).Assembly);
        model.ApplyColumnConventions();
        model.ApplyLedgerColumns(Database.ProviderName);
    }
}
