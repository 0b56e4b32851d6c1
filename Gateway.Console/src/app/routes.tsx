import { Button, Stack, Text, Title } from "@mantine/core";
import { lazy, Suspense, type ComponentType } from "react";
import { createBrowserRouter, Link, Navigate, useRouteError } from "react-router";
import { useI18n } from "../i18n/i18n";
import { Failed, Loading } from "../parts/States";
import { useUser } from "../session/session";
import { Shell } from "./Shell";
import { homeOf, views } from "./views";

const viewOf = (load: () => Promise<{ default: ComponentType }>) => {
  const View = lazy(load);
  return (
    <Suspense fallback={<Loading />}>
      <View />
    </Suspense>
  );
};

function Home() {
  return <Navigate to={homeOf(useUser())} replace />;
}

function NotFound() {
  const { t } = useI18n();
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">
        {t("error.notFound")}
      </Title>
      <Text>{t("error.notFoundText")}</Text>
      <Button component={Link} to={homeOf(useUser())} variant="default">
        {t("nav.home")}
      </Button>
    </Stack>
  );
}

function Fault() {
  return <Failed error={useRouteError()} again={() => location.reload()} />;
}

export const router = createBrowserRouter([
  { path: "/", element: <Home /> },
  {
    path: "/console",
    element: <Shell />,
    children: [
      {
        errorElement: <Fault />,
        children: [
          { index: true, element: <Home /> },
          ...views.map((view) => ({ path: view.path, element: viewOf(view.load) })),
          { path: "calls/:id", element: viewOf(() => import("../views/CallPage")) },
          { path: "users/:id", element: viewOf(() => import("../views/UserPage")) },
          { path: "models/:id", element: viewOf(() => import("../views/ModelPage")) },
          { path: "chats/:id", element: viewOf(() => import("../views/ChatPage")) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
