using System.Data.Common;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Apis;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Chats;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// Takes facts that users stated about themselves out of their chats into their profiles: on demand, or behind each answer when an admin
/// wants it so. The platform pays, and no chat waits for it.
/// </summary>
internal sealed partial class ProfileExtraction(
    IDbContextFactory<HubDbContext> databases,
    StoreProvider store,
    PolicySource policy,
    ChatSettings settings,
    CallerDirectory callers,
    InnerCall calls,
    TimeProvider time,
    ILogger<ProfileExtraction> logger
) : BackgroundService
{
    private const int ShortestUserText = 20;
    private const int MostWaiting = 1_000;
    private const double Temperature = 0.3;
    private const long MostTokens = 1_000;

    private const string Instruction =
        "Extract facts about the user from the conversation below. Take only what the user stated about themselves, never what the "
        + "assistant said. Answer with one JSON object and nothing else. Its members are values, beliefs, interests, skills, desires, "
        + "intentions, likes, dislikes, loves and hates; each is an array of short texts, empty when there is nothing.";

    private readonly Channel<ExtractionJob> _jobs = Channel.CreateBounded<ExtractionJob>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>An answer was stored: facts are taken from it later, when an admin wants that.</summary>
    public void Consider(Turn turn, ChatMessage answer)
    {
        if (settings.Current.ExtractsProfiles && turn.Message.Content.Length >= ShortestUserText)
        {
            _jobs.Writer.TryWrite(new ExtractionJob(turn.Chat.UserId, turn.Chat.Id, turn.Message.Content, answer.Content));
        }
    }

    /// <summary>Takes facts from the newest message of a chat and its answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Whose chat it is.</param>
    /// <param name="chatId">The chat.</param>
    public async Task<(ProfileAnalysis? Analysis, ChatFault? Fault)> AnalyzeAsync(HttpContext http, Caller caller, string chatId)
    {
        var cancellationToken = http.RequestAborted;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Chats.AnyAsync(c => c.Id == chatId && c.UserId == caller.User.Id, cancellationToken))
        {
            return (null, ChatFault.ChatNotFound);
        }
        var newest = db.ChatMessages.AsNoTracking().Where(m => m.ChatId == chatId).OrderByDescending(m => m.SequenceNumber);
        var question = await newest.FirstOrDefaultAsync(m => m.Role == MessageRoles.User, cancellationToken);
        var answer = await newest.FirstOrDefaultAsync(m => m.Role == MessageRoles.Assistant, cancellationToken);
        if (question is null || answer is null)
        {
            var profile = await FindProfileAsync(db, caller.User.Id, cancellationToken);
            return (new ProfileAnalysis(new Dictionary<string, List<string>>(), ListsOf(profile), "Not enough messages to analyze"), null);
        }
        var job = new ExtractionJob(caller.User.Id, chatId, question.Content, answer.Content);
        var (extracted, fault) =
            question.Content.Length < ShortestUserText ? (Nothing(), null) : await ExtractAsync(job, cancellationToken);
        if (fault is not null)
        {
            return (null, fault);
        }
        var (merged, added) = await MergeAsync(caller.User.Id, extracted!, cancellationToken);
        return (new ProfileAnalysis(extracted!, merged, $"Successfully extracted and merged {added} items"), null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var (extracted, fault) = await ExtractAsync(job, stoppingToken);
                if (extracted is not null)
                {
                    await MergeAsync(job.UserId, extracted, stoppingToken);
                }
                else
                {
                    Log.Failed(logger, job.ChatId, fault!.Text);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Log.Failed(logger, job.ChatId, fault.Message);
            }
        }
    }

    private async Task<(Dictionary<string, List<string>>? Extracted, ChatFault? Fault)> ExtractAsync(
        ExtractionJob job,
        CancellationToken cancellationToken
    )
    {
        var model = ChatModels.Default(
            policy.Current,
            settings.Current.ExtractionModel is { Length: > 0 } chosen ? chosen : settings.Current.DefaultModel
        );
        if (model is null || await callers.FindUserAsync(PlatformUser.Id, cancellationToken) is not { } payer)
        {
            return (null, ChatFault.ModelNotFound);
        }
        var body = ChatBody.Of(
            model.Name,
            [
                new ContextMessage(MessageRoles.System, Instruction, []),
                new ContextMessage(MessageRoles.User, $"User:\n{job.UserText}\n\nAssistant:\n{job.AnswerText}", []),
            ],
            isStream: false,
            model.TakesTemperature ? Temperature : null,
            (model.TakesMaxTokens ? "max_tokens" : "max_completion_tokens", MostTokens)
        );
        var sink = new AnswerSink();
        var (call, refusal) = await calls.RunAsync(
            outer: null,
            ApiTable.ProfileExtraction,
            new CallOrder(new Caller(payer, Key: null), job.ChatId, MessageId: null),
            Guid.CreateVersion7().ToString(),
            body,
            sink,
            cancellationToken
        );
        await sink.EndAsync();
        return refusal is not null ? (null, ChatFaults.Of(refusal))
            : call?.Result?.Record.Outcome == Outcomes.Ok ? (Read(sink.Text), null)
            : (null, sink.Fault ?? ChatFault.Upstream);
    }

    // Anything but an object of lists of texts counts as nothing.
    private static Dictionary<string, List<string>> Read(string text)
    {
        var lists = Nothing();
        var (start, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (start < 0 || end < start)
        {
            return lists;
        }
        try
        {
            using var document = JsonDocument.Parse(text.AsMemory(start, end - start + 1));
            foreach (var list in ProfileLists.All)
            {
                if (document.RootElement.TryGetProperty(list.Name, out var items) && items.ValueKind == JsonValueKind.Array)
                {
                    lists[list.Name] = ProfileLists.With(list, items.EnumerateArray().Select(ItemOf).OfType<string>(), []);
                }
            }
            return lists;
        }
        catch (JsonException)
        {
            return Nothing();
        }
    }

    private static string? ItemOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.String
        && item.GetString()!.Trim().Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 and <= ProfileLists.LongestItem } text
            ? text
            : null;

    private static Dictionary<string, List<string>> Nothing() => ProfileLists.All.ToDictionary(l => l.Name, _ => new List<string>());

    private static Dictionary<string, List<string>> ListsOf(UserProfile profile) =>
        ProfileLists.All.ToDictionary(l => l.Name, l => l.Get(profile));

    private async Task<(Dictionary<string, List<string>> Merged, int Added)> MergeAsync(
        string userId,
        Dictionary<string, List<string>> extracted,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var profile = await FindProfileAsync(db, userId, cancellationToken);
        var added = 0;
        foreach (var list in ProfileLists.All)
        {
            var items = list.Get(profile);
            var merged = ProfileLists.With(list, items, extracted[list.Name]);
            added += merged.Count - items.Count;
            list.Set(profile, merged);
        }
        profile.UpdatedAt = added > 0 ? time.GetUtcNow().UtcDateTime : profile.UpdatedAt;
        await db.SaveChangesAsync(cancellationToken);
        return (ListsOf(profile), added);
    }

    private async Task<UserProfile> FindProfileAsync(HubDbContext db, string userId, CancellationToken cancellationToken)
    {
        if (await db.UserProfiles.FirstOrDefaultAsync(p => p.UserId == userId, cancellationToken) is { } found)
        {
            return found;
        }
        var made = db.UserProfiles.Add(ProfileLists.NewRow(userId, time.GetUtcNow().UtcDateTime));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return made.Entity;
        }
        catch (DbUpdateException fault) when (fault.InnerException is DbException inner && store.IsUniqueViolation(inner))
        {
            made.State = EntityState.Detached; // its owner read it at the same moment
            return await db.UserProfiles.FirstAsync(p => p.UserId == userId, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No facts were taken from chat {ChatId}: {Reason}")]
        public static partial void Failed(ILogger logger, string chatId, string reason);
    }
}
