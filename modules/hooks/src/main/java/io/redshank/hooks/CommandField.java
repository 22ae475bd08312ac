package io.redshank.hooks;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One argument of a command: text and variables in turn, compiled once. */
sealed interface CommandField {
    /** How many arguments it becomes. */
    default int width() {
        return 1;
    }

    /** Writes its arguments, beginning at this index. */
    void render(HookVariables values, Object[] arguments, int index);

    /** What may be shown in a log: everything but payloads. */
    String shown(HookVariables values);

    /** Text without variables. */
    record Literal(String text, byte[] bytes) implements CommandField {
        @Override
        public void render(HookVariables values, Object[] arguments, int index) {
            arguments[index] = bytes;
        }

        @Override
        public String shown(HookVariables values) {
            return text;
        }
    }

    /** One variable and nothing else: its bytes are not copied. */
    record Single(Variable variable) implements CommandField {
        @Override
        public void render(HookVariables values, Object[] arguments, int index) {
            arguments[index] = values.bytes(variable);
        }

        @Override
        public String shown(HookVariables values) {
            return variable == Variable.PAYLOAD
                    ? "${payload}"
                    : new String(values.bytes(variable), StandardCharsets.UTF_8);
        }
    }

    /** Text and variables joined to one argument. */
    record Joined(List<CommandField> parts) implements CommandField {
        @Override
        public void render(HookVariables values, Object[] arguments, int index) {
            Object[] rendered = new Object[parts.size()];
            int length = 0;
            for (int i = 0; i < rendered.length; i++) {
                parts.get(i).render(values, rendered, i);
                length += ((byte[]) rendered[i]).length;
            }
            byte[] joined = new byte[length];
            int at = 0;
            for (Object part : rendered) {
                byte[] bytes = (byte[]) part;
                System.arraycopy(bytes, 0, joined, at, bytes.length);
                at += bytes.length;
            }
            arguments[index] = joined;
        }

        @Override
        public String shown(HookVariables values) {
            StringBuilder shown = new StringBuilder();
            parts.forEach(part -> shown.append(part.shown(values)));
            return shown.toString();
        }
    }

    /** A whole message as pairs of field and value, in the order of its hash. */
    record WholeMessage(List<byte[]> names) implements CommandField {
        private static final Variable[] BEFORE_RETAIN = {
            Variable.MSGID, Variable.CLIENTID, Variable.QOS, Variable.TOPIC, Variable.PAYLOAD, Variable.TS
        };

        WholeMessage() {
            this(List.of("id", "from", "qos", "topic", "payload", "ts", "retain").stream()
                    .map(HookVariables::utf8)
                    .toList());
        }

        @Override
        public int width() {
            return 2 * names.size();
        }

        @Override
        public void render(HookVariables values, Object[] arguments, int index) {
            for (int i = 0; i < names.size(); i++) {
                arguments[index + 2 * i] = names.get(i);
                arguments[index + 2 * i + 1] = i < BEFORE_RETAIN.length
                        ? values.bytes(BEFORE_RETAIN[i])
                        : HookVariables.utf8(Boolean.toString(values.retain()));
            }
        }

        @Override
        public String shown(HookVariables values) {
            return "${message}";
        }
    }
}
