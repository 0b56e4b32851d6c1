# syntax=docker/dockerfile:1
FROM node:22-slim AS console
WORKDIR /source
COPY Gateway.Console/package.json Gateway.Console/package-lock.json ./
RUN npm ci --ignore-scripts
COPY Gateway.Console/ ./
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# --build-arg HUB_DATABASE=mysql makes the image that also speaks MySQL and MariaDB.
ARG HUB_DATABASE=
ENV CI=true HubDatabase=${HUB_DATABASE}

# First what decides the packages, so that a change of code does not restore them again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Gateway/Gateway.csproj Gateway/packages.lock.json Gateway/packages.mysql.lock.json Gateway/
COPY Gateway.Admin/Gateway.Admin.csproj Gateway.Admin/packages.lock.json Gateway.Admin/packages.mysql.lock.json Gateway.Admin/
COPY Gateway.Core/Gateway.Core.csproj Gateway.Core/packages.lock.json Gateway.Core/packages.mysql.lock.json Gateway.Core/
COPY Gateway.Sandbox/Gateway.Sandbox.csproj Gateway.Sandbox/packages.lock.json Gateway.Sandbox/packages.mysql.lock.json Gateway.Sandbox/
RUN dotnet restore Gateway --locked-mode

COPY .editorconfig .csharpierrc.yaml .csharpierignore BannedSymbols.txt appsettings.json ./
COPY Gateway/ Gateway/
COPY Gateway.Admin/ Gateway.Admin/
COPY Gateway.Core/ Gateway.Core/
COPY Gateway.Sandbox/ Gateway.Sandbox/
COPY Gateway.Console/Console.targets Gateway.Console/
COPY --from=console /source/dist/ Gateway.Console/dist/
RUN dotnet publish Gateway --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl is for the health check.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data \
    && chown $APP_UID /data
WORKDIR /app
COPY --from=build /app ./

# The root file system may be read-only: all that is written is below /data.
# The port is not set here: 8080 is the default, and a platform's PORT holds where SERVER_PORT is not set.
ENV SERVER_HOST=0.0.0.0 \
    DATA_DIR=/data \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/bin/sh", "-c", "curl --fail --silent --show-error --output /dev/null http://127.0.0.1:${SERVER_PORT:-${PORT:-8080}}/health/ready"]
# Commands go behind the image's name: docker run --rm -v data:/data <image> doctor
ENTRYPOINT ["dotnet", "Gateway.dll"]
