namespace Gateway.Sandbox.Scenarios;

internal enum PieceKind
{
    Text,
    Reasoning,
    ToolCall,
}
