using Gateway;
using Gateway.Hosting;

using var signals = StopSignals.Listen();
return await HubCommandLine.RunAsync(args, CommandContext.OfProcess(signals));
