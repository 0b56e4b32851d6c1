import { Button, Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { languages, useI18n, type Language } from "../i18n/i18n";

export function LanguageMenu() {
  const { language, setLanguage, t } = useI18n();
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          c="var(--mantine-color-text)"
          leftSection={<IconLanguage size={18} aria-hidden />}
          aria-label={`${t("app.language")}: ${languages[language]}`}
        >
          {languages[language]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(languages) as Language[]).map((code) => (
          <Menu.Item key={code} lang={code} onClick={() => setLanguage(code)}>
            {languages[code]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeButton() {
  const { t } = useI18n();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const label = t(isDark ? "app.light" : "app.dark");
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-md"
      c="var(--mantine-color-text)"
      leftSection={isDark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      {label}
    </Button>
  );
}
