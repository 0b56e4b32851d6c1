// What forms have in common: the API's refusals stand at the members that they are about, and the rest below.
import { Button, Group, Modal } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiFailure } from "../api/failure";
import { useI18n } from "../i18n/i18n";
import { Failed, wordsOf } from "./States";

// Where the mistake is, so that it is heard and the keyboard goes on there; once it is drawn.
const mistake = ":is([role=dialog], main) form :is([aria-invalid=true], input[data-invalid=true])";
const goToMistake = () => setTimeout(() => document.querySelector<HTMLElement>(mistake)?.focus());

export interface Saving {
  submit: (event?: React.SubmitEvent<HTMLFormElement>) => void;
  isPending: boolean;
  /** What stands at no field. */
  error: unknown;
}

/** Sends a form. `touches` are the queries whose answers change by it. */
export function useSaving<Values extends object, Result>(
  form: UseFormReturnType<Values>,
  save: (values: Values) => Promise<Result>,
  done: (result: Result) => void,
  touches: string[],
): Saving {
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: save,
    onSuccess: async (result) => {
      await Promise.all(touches.map((name) => queries.invalidateQueries({ queryKey: [name] })));
      done(result);
    },
    onError: (error) => {
      if (error instanceof ApiFailure) form.setErrors(Object.fromEntries(error.fields.map((field) => [field.field, field.message])));
      goToMistake();
    },
  });
  const known = Object.keys(form.getValues());
  const isToldAtFields =
    mutation.error instanceof ApiFailure && mutation.error.fields.length > 0 && mutation.error.fields.every(({ field }) => known.includes(field));
  return {
    submit: form.onSubmit((values) => mutation.mutate(values), goToMistake),
    isPending: mutation.isPending,
    error: isToldAtFields ? null : mutation.error,
  };
}

/** The end of a form: what went wrong, and the button. */
export function FormEnd({ saving, label }: { saving: Saving; label: string }) {
  return (
    <>
      {saving.error !== null && <Failed error={saving.error} />}
      <Group justify="flex-end">
        <Button type="submit" loading={saving.isPending}>
          {label}
        </Button>
      </Group>
    </>
  );
}

export function Dialog({
  title,
  isOpen,
  onClose,
  size,
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  size?: string;
  children: ReactNode;
}) {
  const { t } = useI18n();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={size ?? "md"} closeButtonProps={{ "aria-label": t("common.close") }}>
      {children}
    </Modal>
  );
}

export interface Question {
  title: string;
  text: ReactNode;
  confirm: string;
  isDangerous?: boolean;
  run: () => Promise<unknown>;
  /** What is said when it is done. */
  done: string;
  touches: string[];
}

/** Asks before something that cannot be taken back, or that is about money or access; then does it. */
export function useConfirmed() {
  const { t } = useI18n();
  const act = useAct();
  return ({ title, text, confirm, isDangerous = true, run, done, touches }: Question) =>
    modals.openConfirmModal({
      title,
      children: text,
      labels: { confirm, cancel: t("common.cancel") },
      confirmProps: isDangerous ? { color: "red" } : {},
      closeButtonProps: { "aria-label": t("common.close") },
      onConfirm: () => void act(run, done, touches),
    });
}

/** Does something at once, and says that it is done or why not. */
export function useAct() {
  const { t } = useI18n();
  const queries = useQueryClient();
  return async (run: () => Promise<unknown>, done: string, touches: string[]) => {
    try {
      await run();
      notifications.show({ message: done });
    } catch (error) {
      notifications.show({ color: "red", message: wordsOf(error, t) });
    }
    await Promise.all(touches.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    // What had the focus may be gone with its row.
    if (document.activeElement === document.body) document.getElementById("content")?.focus();
  };
}
