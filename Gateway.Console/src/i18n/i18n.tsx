// Texts in English and Russian. English is the list of keys; a Russian text that is missing does not compile.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { en, type Texts } from "./en";

export const languages = { en: "English", ru: "Русский" } as const;
export type Language = keyof typeof languages;
export type TextKey = keyof Texts;
type Values = Record<string, string | number>;

export interface I18n {
  language: Language;
  setLanguage: (language: Language) => void;
  t: (key: TextKey, values?: Values) => string;
}

const stored = "hub.language";

function firstLanguage(): Language {
  const known = localStorage.getItem(stored) ?? navigator.language.slice(0, 2);
  return known === "ru" ? "ru" : "en";
}

// Forms of a text for a count stand with bars between, in the order of the language's plural rules.
const forms: Record<Language, Intl.LDMLPluralRule[]> = { en: ["one", "other"], ru: ["one", "few", "many"] };

function fill(text: string, language: Language, values: Values): string {
  const variants = text.split("|");
  const count = values.count;
  const at = typeof count === "number" ? forms[language].indexOf(new Intl.PluralRules(language).select(count)) : 0;
  const chosen = variants[at] ?? variants.at(-1) ?? text;
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : (value ?? "");
  });
}

const Context = createContext<I18n | null>(null);

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; texts: Texts } | null>({ language: "en", texts: en });

  useEffect(() => {
    let isWanted = true;
    document.documentElement.lang = language;
    if (language === "en") setLoaded({ language, texts: en });
    else void import("./ru").then(({ ru }) => isWanted && setLoaded({ language, texts: ru }));
    return () => {
      isWanted = false;
    };
  }, [language]);

  const value = useMemo<I18n | null>(
    () =>
      loaded && {
        language: loaded.language,
        setLanguage: (next) => {
          localStorage.setItem(stored, next);
          setLanguage(next);
        },
        t: (key, values = {}) => fill(loaded.texts[key], loaded.language, values),
      },
    [loaded],
  );
  return value && <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const i18n = useContext(Context);
  if (!i18n) throw new Error("I18nProvider is missing.");
  return i18n;
}
