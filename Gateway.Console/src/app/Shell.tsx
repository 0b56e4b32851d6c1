import { AppShell, Burger, Button, Group, Menu, NavLink, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconBook, IconLogout, IconSearch, IconUser } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { useI18n } from "../i18n/i18n";
import { roleWord } from "../views/people/roles";
import { signOut, useUser } from "../session/session";
import { LanguageMenu, SchemeButton } from "./Preferences";
import { homeOf, viewsFor, type View } from "./views";

export function Shell() {
  const { t } = useI18n();
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const user = useUser();
  const views = viewsFor(user);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // A new view is where the keyboard goes on; the first one leaves the page's own beginning alone.
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus();
  }, [pathname]);

  const group = (name: View["group"]) => {
    const own = views.filter((view) => view.group === name);
    return (
      own.length > 0 && (
        <Stack gap={2} component="section" aria-label={t(`nav.${name}`)}>
          <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm">
            {t(`nav.${name}`)}
          </Text>
          {own.map((view) => (
            <NavLink
              key={view.path}
              component={Link}
              to={`/console/${view.path}`}
              label={t(view.title)}
              leftSection={<view.icon size={18} aria-hidden />}
              active={pathname === `/console/${view.path}` || pathname.startsWith(`/console/${view.path}/`)}
              aria-current={pathname === `/console/${view.path}` ? "page" : undefined}
              onClick={close}
            />
          ))}
        </Stack>
      )
    );
  };

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 230, breakpoint: "sm", collapsed: { mobile: !isOpen } }} padding="md">
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("app.menu")} aria-expanded={isOpen} />
            <UnstyledButton component={Link} to={homeOf(user)}>
              <Text fw={650}>{t("app.name")}</Text>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" size="compact-md" onClick={spotlight.open} leftSection={<IconSearch size={16} aria-hidden />}>
              {t("app.searchShort")}
              <Text span size="xs" c="dimmed" ml={8} visibleFrom="sm">
                Ctrl K
              </Text>
            </Button>
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("app.menu")}>
        <AppShell.Section grow style={{ overflowY: "auto" }}>
          {group("operate")}
          {group("yours")}
        </AppShell.Section>
        <AppShell.Section>
          <Stack gap={2} align="flex-start">
            <LanguageMenu />
            <SchemeButton />
          </Stack>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" ref={main} tabIndex={-1} style={{ outline: "none" }}>
        <Outlet />
      </AppShell.Main>
      <Palette views={views} />
    </AppShell>
  );
}

function AccountMenu() {
  const { t } = useI18n();
  const user = useUser();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-md" leftSection={<IconUser size={16} aria-hidden />} aria-label={`${t("app.account")}: ${user.email}`}>
          <Text span size="sm" visibleFrom="sm" maw={180} truncate>
            {user.email}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="dimmed">
          {user.email} · {roleWord(user.role, t)}
        </Menu.Label>
        <Menu.Item component="a" href="/docs" leftSection={<IconBook size={16} aria-hidden />}>
          {t("app.apiDocs")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("app.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

// Every view and action by its name, from anywhere: Ctrl K.
function Palette({ views }: { views: View[] }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  return (
    <Spotlight
      shortcut="mod + K"
      attributes={{ content: { "aria-label": t("app.search") } }}
      nothingFound={t("app.nothingFound")}
      searchProps={{ placeholder: t("app.search"), "aria-label": t("app.search"), leftSection: <IconSearch size={18} aria-hidden /> }}
      actions={[
        ...views.map((view) => ({
          id: view.path,
          label: t(view.title),
          leftSection: <view.icon size={18} aria-hidden />,
          onClick: () => void navigate(`/console/${view.path}`),
        })),
        {
          id: "new-key",
          label: t("keys.createTitle"),
          onClick: () => void navigate("/console/keys?new=1"),
        },
        { id: "sign-out", label: t("app.signOut"), leftSection: <IconLogout size={18} aria-hidden />, onClick: () => void signOut() },
      ]}
    />
  );
}
