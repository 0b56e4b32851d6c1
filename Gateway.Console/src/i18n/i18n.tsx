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

interface Shown {
  language: Language;
  texts: Texts;
}

async function load(language: Language): Promise<Shown> {
  return { language, texts: language === "en" ? en : (await import("./ru")).ru };
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    if (shown) document.documentElement.lang = shown.language;
    else void load(firstLanguage()).then(setShown);
  }, [shown]);

  const value = useMemo<I18n | null>(
    () =>
      shown && {
        language: shown.language,
        // The old texts stay until the new ones are there.
        setLanguage: (next) => {
          localStorage.setItem(stored, next);
          void load(next).then(setShown);
        },
        t: (key, values = {}) => fill(shown.texts[key], shown.language, values),
      },
    [shown],
  );
  return value && <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const i18n = useContext(Context);
  if (!i18n) throw new Error("I18nProvider is missing.");
  return i18n;
}
