import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./app.css";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { ApiFailure } from "../api/failure";
import { I18nProvider } from "../i18n/i18n";
import { Loading } from "../parts/States";
import { SignIn } from "../session/SignIn";
import { useSession } from "../session/session";
import { router } from "./routes";
import { theme } from "./theme";

const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
// What locks scrolling under an open dialog adds a style of its own, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

function newQueries() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the API refused it refuses again.
        retry: (count, error) => count < 2 && !(error instanceof ApiFailure && error.status >= 400 && error.status < 500),
      },
    },
  });
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <I18nProvider>
        <Signed />
      </I18nProvider>
    </MantineProvider>
  );
}

function Signed() {
  const session = useSession();
  if (session.kind === "starting") return <Loading />;
  if (session.kind === "out") return <SignIn hasEnded={session.reason === "ended"} />;
  return <Inside key={session.user.id} />;
}

// Nothing that one person loaded is there for the next.
function Inside() {
  const [queries] = useState(newQueries);
  return (
    <QueryClientProvider client={queries}>
      <ModalsProvider>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </ModalsProvider>
    </QueryClientProvider>
  );
}
