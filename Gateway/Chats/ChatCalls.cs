using Gateway.Apis;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Limits;
using Gateway.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Chats;

/// <summary>
/// Sends a message to a chat: takes the chat, makes the call as any call of <c>/v1</c> is made, stores the answer with what it cost, and
/// only then tells the client that it is complete.
/// </summary>
internal sealed partial class ChatCalls(
    IDbContextFactory<HubDbContext> databases,
    PolicySource policy,
    ChatSettings settings,
    ChatAttachments attachments,
    ChatContext contexts,
    TurnStore turns,
    TurnKeeper keeper,
    NodeLeases nodes,
    InnerCall calls,
    LimitViews limits,
    ProfileExtraction extraction,
    GatewayMetrics metrics,
    HubOptions options,
    TimeProvider time,
    ILogger<ChatCalls> logger
)
{
    /// <summary>Sends a message and streams the answer in a framing.</summary>
    public async Task StreamAsync(HttpContext http, Caller caller, string chatId, ChatWish wish, IChatFraming framing)
    {
        var (turn, refused) = await BeginAsync(http, caller, chatId, wish);
        if (turn is null)
        {
            await refused!.WriteAsync(http);
            return;
        }
        await using var sink = new StreamSink(http, framing, turn, Drains(isStream: true), options.Chat.ChatKeepAlive, time);
        var (answer, fault, _) = await AnswerAsync(http, caller, turn, wish, sink, isStream: true);
        try
        {
            await (fault is null ? sink.CompleteAsync(MessageView.Of(answer!)) : sink.FailAsync(fault));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Nobody waits any more; all is stored.
        }
    }

    /// <summary>Sends a message and answers with the whole of the assistant's.</summary>
    public async Task<(AnsweredMessage? Answer, ChatFault? Fault)> SendAsync(HttpContext http, Caller caller, string chatId, ChatWish wish)
    {
        var (turn, refused) = await BeginAsync(http, caller, chatId, wish);
        if (turn is null)
        {
            return (null, refused);
        }
        var (answer, fault, isPrepaid) = await AnswerAsync(http, caller, turn, wish, new AnswerSink(), isStream: false);
        return fault is not null
            ? (null, fault)
            : (
                new AnsweredMessage(MessageView.Of(answer!))
                {
                    Balance = await BalanceAsync(caller.User.Id, isPrepaid),
                    UserMessageId = turn.Message.Id,
                },
                null
            );
    }

    private async Task<(Turn? Turn, ChatFault? Fault)> BeginAsync(HttpContext http, Caller caller, string chatId, ChatWish wish)
    {
        var cancellationToken = http.RequestAborted;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var chat = await db.Chats.AsNoTracking().FirstOrDefaultAsync(c => c.Id == chatId && c.UserId == caller.User.Id, cancellationToken);
        if (chat is null or { IsArchived: true })
        {
            return (null, chat is null ? ChatFault.ChatNotFound : ChatFault.ChatArchived);
        }
        var snapshot = policy.Current;
        var name = wish.Model ?? chat.ModelUsed;
        var model = name is null ? ChatModels.Default(snapshot, settings.Current.DefaultModel) : ChatModels.Find(snapshot, name);
        if (Refuse(model) is { } unusable)
        {
            return (null, unusable);
        }
        if (await db.ChatTurns.AnyAsync(t => t.ChatId == chatId, cancellationToken))
        {
            return (null, ChatFault.ChatBusy); // before files are stored for nothing
        }
        var (files, entries, fault) = await attachments.ResolveAsync(db, caller.User.Id, wish.Attachments, cancellationToken);
        if (fault is null && files.Any(MessageAttachment.IsImage) && !model!.SupportsVision)
        {
            fault = ChatFault.ModelLacksVision;
        }
        if (fault is null && files.Where(MessageAttachment.IsImage).Sum(ChatBody.EncodedLength) > MostImageBytes)
        {
            fault = ChatFault.PayloadTooLarge;
        }
        if (fault is not null)
        {
            return (null, fault);
        }
        await nodes.RenewAsync(cancellationToken);
        var turn = await turns.BeginAsync(chat, http.GetRequestId(), wish, model!, files, entries, cancellationToken);
        if (turn is null)
        {
            return (null, ChatFault.ChatBusy);
        }
        keeper.Watch(turn);
        return (turn, null);
    }

    // The chat itself reads an answer to its end that the upstream would make anyway.
    private bool Drains(bool isStream) =>
        options.Answer.OnDisconnect == DisconnectPolicy.Drain || (options.Answer.OnDisconnect == DisconnectPolicy.Auto && !isStream);

    // Half of what a body may have: the rest is for texts.
    private long MostImageBytes => options.Body.MaxBodyBytes / 2;

    private static ChatFault? Refuse(PolicyModel? model) =>
        model is null ? ChatFault.ModelNotFound
        : !model.IsEnabled ? ChatFault.ModelDisabled
        : model.Mode != ChatModels.Mode ? ChatFault.ModelNotChat
        : null;

    private async Task<(ChatMessage? Answer, ChatFault? Fault, bool IsPrepaid)> AnswerAsync(
        HttpContext http,
        Caller caller,
        Turn turn,
        ChatWish wish,
        AnswerSink sink,
        bool isStream
    )
    {
        var (call, refusal, fault) = ((Call?)null, (Refusal?)null, (ChatFault?)null);
        using var given = new CancellationTokenSource();
        await using var onGone = http.RequestAborted.UnsafeRegister(
            _ => given.CancelAfter(Drains(isStream) ? options.Answer.DrainTimeout : TimeSpan.Zero),
            null
        );
        var context = new ContextCut([], 0, 0, false);
        try
        {
            context = await contexts.BuildAsync(turn, settings.Current, wish.MaxTokens, MostImageBytes, http.RequestAborted);
            var body = ChatBody.Of(
                turn.Model.Name,
                context.Messages,
                isStream,
                TemperatureOf(wish, turn.Model),
                MaximumOf(wish, turn.Model)
            );
            var order = new CallOrder(caller, turn.Chat.Id, turn.AnswerId);
            (call, refusal) = await calls.RunAsync(http, ApiTable.ChatMessages, order, turn.CallId, body, sink, given.Token);
            await sink.EndAsync();
        }
        catch (Exception broken)
        {
            if (!http.RequestAborted.IsCancellationRequested)
            {
                Log.Failed(logger, turn.CallId, broken);
            }
            fault = DatabaseFaults.IsAway(broken) ? ChatFault.NotReady : ChatFault.Internal;
        }
        fault ??= FaultOf(call, refusal, sink);
        var (answer, unstored) = await EndAsync(turn, call, sink, context, fault);
        metrics.ChatMessage(
            fault is null ? "answered"
            : answer is null ? "failed"
            : "incomplete"
        );
        return (answer, fault ?? unstored, call?.FindPart<Reservation>() is { } reservation && IsPrepaid(reservation));
    }

    private static bool IsPrepaid(Reservation reservation) => reservation.Call.Result?.Record.IsPrepaid == true;

    private double? TemperatureOf(ChatWish wish, PolicyModel model) =>
        wish.Temperature ?? (model.TakesTemperature ? settings.Current.Temperature : null);

    private static (string, long)? MaximumOf(ChatWish wish, PolicyModel model) =>
        wish.MaxTokens is { } most ? (model.TakesMaxTokens ? "max_tokens" : "max_completion_tokens", most) : null;

    // The end of the call decides, not what stood in the answer: a stream that says nothing of its end may be whole.
    private static ChatFault? FaultOf(Call? call, Refusal? refusal, AnswerSink sink) =>
        call?.Result?.Record.Outcome switch
        {
            Outcomes.Ok when sink.HasText => null,
            Outcomes.Ok or Outcomes.UpstreamEmpty => ChatFault.UpstreamEmpty,
            Outcomes.BudgetReached => null,
            Outcomes.ClientLeft => ChatFault.Internal, // nobody reads it
            Outcomes.UpstreamTimeout => ChatFault.UpstreamTimeout,
            null => refusal is null ? sink.Fault ?? ChatFault.Internal : ChatFaults.Of(refusal),
            _ => refusal is not null ? ChatFaults.Of(refusal) : sink.Fault ?? ChatFault.Upstream,
        };

    private async Task<(ChatMessage? Answer, ChatFault? Fault)> EndAsync(
        Turn turn,
        Call? call,
        AnswerSink sink,
        ContextCut context,
        ChatFault? fault
    )
    {
        var work = WorkOf(turn, call, sink, context, fault);
        try
        {
            var answer = await work();
            keeper.Forget(turn);
            if (fault is null && answer is not null)
            {
                extraction.Consider(turn, answer);
            }
            return (answer, fault is null && answer is null ? ChatFault.ChatNotFound : null);
        }
        catch (Exception broken)
        {
            Log.NotStored(logger, turn.CallId, broken);
            keeper.Finish(turn, work); // once more, until the database takes it
            return (null, DatabaseFaults.IsAway(broken) ? ChatFault.NotReady : ChatFault.Internal);
        }
    }

    private Func<Task<ChatMessage?>> WorkOf(Turn turn, Call? call, AnswerSink sink, ContextCut context, ChatFault? fault)
    {
        if (call?.Result is not { Record: var record } result)
        {
            return async () =>
            {
                await (call is { Attempts: > 0 } ? turns.FailAsync(turn) : turns.UndoAsync(turn));
                return null;
            };
        }
        if (!sink.HasText)
        {
            return async () =>
            {
                await turns.FailAsync(turn);
                return null;
            };
        }
        var isWhole = fault is null && record.Outcome == Outcomes.Ok;
        var end = new TurnEnd(
            sink.Text,
            !isWhole,
            result.Usage.PromptTokens,
            result.Usage.CompletionTokens,
            record.TotalCostNanoUsd,
            context.ToMetadata(record.UsageSource == UsageSources.Estimated)
        );
        return () => turns.AnswerAsync(turn, end);
    }

    private async Task<decimal> BalanceAsync(string userId, bool isPrepaid)
    {
        if (isPrepaid)
        {
            return await limits.ReadBalanceLeftAsync(userId);
        }
        await using var db = await databases.CreateDbContextAsync();
        return Money
            .FromNanoUsd(await db.UserAccounts.Where(a => a.UserId == userId).Select(a => a.BalanceNanoUsd).FirstOrDefaultAsync())
            .ToUsd();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The message of call {CallId} could not be answered.")]
        public static partial void Failed(ILogger logger, string callId, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "The answer of call {CallId} could not be stored yet; it is tried again.")]
        public static partial void NotStored(ILogger logger, string callId, Exception fault);
    }
}
