using Gateway.Hosting;
using Gateway.Ledger;

return args is ["ledger", .. var command]
    ? await LedgerCommand.RunAsync(command, Environment.GetEnvironmentVariables(), Console.Out, Console.Error)
    : await HubProcess.RunAsync(args);
