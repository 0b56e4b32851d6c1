using Gateway.Core.Policy;
using Gateway.Telemetry;

namespace Gateway.Chats;

/// <summary>Registers what speaks to models for chats.</summary>
internal static class ChatServices
{
    public static void AddChats(this IServiceCollection services)
    {
        services.AddSingleton<ChatSettings>();
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<ChatSettings>());
        services.AddSingleton<ChatWishReader>();
        services.AddSingleton<ChatAttachments>();
        services.AddSingleton<ChatContext>();
        services.AddSingleton<TurnStore>();
        services.AddSingleton<TurnKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<TurnKeeper>());
        services.AddSingleton<NodeLeases>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeLeases>());
        services.AddSingleton<InnerCall>();
        services.AddSingleton<ChatCalls>();
        services.AddSingleton<ProfileExtraction>();
        services.AddHostedService(provider => provider.GetRequiredService<ProfileExtraction>());
        services.AddSingleton<IGauges, ChatGauges>();
    }
}
