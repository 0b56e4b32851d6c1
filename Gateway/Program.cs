using Gateway.Hosting;

return await HubProcess.RunAsync(args);
