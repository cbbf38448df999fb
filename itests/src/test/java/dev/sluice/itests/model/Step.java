package dev.sluice.itests.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** One change to the container. A sequence is a list of these; one that makes no sense where it stands is left out. */
sealed interface Step {

    /** {@return the slots that it concerns} */
    List<Slot> slots();

    /** Copies a file into the folder. */
    record Deploy(Slot slot, Content content) implements Step {
        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        @Override
        public String toString() {
            return "deploy " + slot.file() + " " + content;
        }
    }

    /** Copies one good version after the other over a file: the shortest of gaps is met by doing it often. */
    record Swaps(Slot slot, int from) implements Step {

        private static final int COUNT = 8;
        private static final int VERSIONS = 4;

        /** {@return what is copied, in order; never the same twice in a row} */
        List<Content> contents() {
            return IntStream.range(from, from + COUNT)
                    .mapToObj(n -> new Content(slot.version(1 + n % VERSIONS), Content.Fault.NONE))
                    .toList();
        }

        Content last() {
            return contents().get(COUNT - 1);
        }

        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        @Override
        public String toString() {
            return "swap " + slot.file() + " to " + contents();
        }
    }

    /** Deletes a file from the folder. */
    record Remove(Slot slot) implements Step {
        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        @Override
        public String toString() {
            return "remove " + slot.file();
        }
    }

    /** Another bundle does something to a bundle. */
    record Sabotage(Slot slot, Act act, Content content) implements Step {

        /** What it does. Only an update has a content. */
        enum Act {
            STOP,
            STOP_TRANSIENT,
            START,
            UPDATE,
            REFRESH,
            UNINSTALL;

            String command() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        /** {@return whether the bundle runs again when it is done} */
        boolean isBackAtOnce() {
            return act == Act.REFRESH || act == Act.START || act == Act.UPDATE && content.deploys();
        }

        @Override
        public String toString() {
            return "sabotage: " + act.command() + " " + slot.file() + (act == Act.UPDATE ? " to " + content : "");
        }
    }

    /** An operator does something to a bundle, on the admin listener. */
    record Operate(Slot slot, Act act) implements Step {

        /** What the operator does. */
        enum Act {
            STOP,
            START,
            UNINSTALL
        }

        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        @Override
        public String toString() {
            return "operator: " + act.name().toLowerCase(Locale.ROOT) + " " + slot.file();
        }
    }

    /** An operator writes an override, or deletes it. */
    record Configure(Slot slot, Kind.Named middleware, Setting setting) implements Step {
        @Override
        public List<Slot> slots() {
            return List.of(slot);
        }

        @Override
        public String toString() {
            return "configure " + middleware.name() + ": " + setting;
        }
    }

    /** The process ends and is started again. */
    record Restart(boolean kill) implements Step {
        @Override
        public List<Slot> slots() {
            return List.of(Slot.values());
        }

        @Override
        public String toString() {
            return kill ? "kill -9, start" : "SIGTERM, start";
        }
    }

    /** Two at once, of different kinds. */
    record Together(Step first, Step second) implements Step {
        @Override
        public List<Slot> slots() {
            return List.of(first.slots().get(0), second.slots().get(0));
        }

        @Override
        public String toString() {
            return "at once: " + first + " | " + second;
        }
    }
}
