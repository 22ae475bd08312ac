{{- define "redshank.labels" -}}
app.kubernetes.io/name: redshank
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "redshank.secret" -}}
{{ .Values.cluster.existingSecret | default (printf "%s-cluster" .Release.Name) }}
{{- end }}
